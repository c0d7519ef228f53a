import type { ManagementApi } from './connect-management-api';

const ENDPOINT_DESCRIPTION = 'Sample app of the demo';

export interface DemoDirectory {
  organizationId: string;
  directoryId: string;
  /** What an administrator pastes into the identity provider. */
  scimUrl: string;
  scimToken: string;
}

/**
 * Does what an app owner does for a new customer: an organization with Directory Sync switched on, a webhook endpoint for its
 * events, a directory for its identity provider, and the directory's secret.
 * @param options `useSecret` is handed the endpoint's secret before the first event can be sent
 */
export async function setUpDirectory(
  api: ManagementApi,
  options: { provider: string; webhookUrl: string; useSecret: (secret: string) => void },
): Promise<DemoDirectory> {
  const { organization } = await api<{ organization: { id: string } }>('POST', '/organizations', {
    display_name: 'Northwind',
  });
  const features = [{ name: 'dir_sync', enabled: true }];
  await api('PATCH', `/organizations/${organization.id}/settings`, { features });
  await removeOldEndpoints(api);
  const { secret } = await api<{ secret: string }>('POST', '/webhook_endpoints', {
    url: options.webhookUrl,
    description: ENDPOINT_DESCRIPTION,
    organization_ids: [organization.id],
  });
  options.useSecret(secret);
  const directories = `/organizations/${organization.id}/directories`;
  const { directory } = await api<{ directory: { id: string; directory_endpoint: string } }>('POST', directories, {
    directory: { directory_type: 'SCIM', directory_provider: options.provider },
  });
  const { plain_secret: scimToken } = await api<{ plain_secret: string }>(
    'POST',
    `${directories}/${directory.id}/secrets`,
    {},
  );
  return {
    organizationId: organization.id,
    directoryId: directory.id,
    scimUrl: directory.directory_endpoint,
    scimToken,
  };
}

/** With --keep, the endpoint of the last demo still waits for an app that is gone. */
async function removeOldEndpoints(api: ManagementApi): Promise<void> {
  const { webhook_endpoints: endpoints } = await api<{
    webhook_endpoints: { id: string; description: string | null }[];
  }>('GET', '/webhook_endpoints?page_size=100');
  for (const { id } of endpoints.filter(({ description }) => description === ENDPOINT_DESCRIPTION)) {
    await api('DELETE', `/webhook_endpoints/${id}`);
  }
}
