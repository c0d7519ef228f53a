import type { DirectoryDetail, DirectoryProvider, RollcallClient } from '@rollcall/sdk';

const ENDPOINT_DESCRIPTION = 'Sample app of the demo';

export interface DemoDirectory {
  directory: DirectoryDetail;
  /** With the directory's endpoint, what an administrator pastes into the identity provider. */
  scimToken: string;
}

/**
 * Does what an app owner does for a new customer: an organization with Directory Sync switched on, a webhook endpoint for its
 * events, a directory for its identity provider, and the directory's secret.
 * @param options `useSecret` is handed the endpoint's secret before the first event can be sent
 */
export async function setUpDirectory(
  client: RollcallClient,
  options: { provider: DirectoryProvider; webhookUrl: string; useSecret: (secret: string) => void },
): Promise<DemoDirectory> {
  const organization = await client.organizations.create({ display_name: 'Northwind' });
  await client.organizations.updateSettings(organization.id, { features: [{ name: 'dir_sync', enabled: true }] });
  const { secret } = await client.webhookEndpoints.create({
    url: options.webhookUrl,
    description: ENDPOINT_DESCRIPTION,
    organization_ids: [organization.id],
  });
  options.useSecret(secret);
  const directory = await client.directories.create(organization.id, { directory_provider: options.provider });
  const { plain_secret: scimToken } = await client.directorySecrets.create(organization.id, directory.id);
  return { directory, scimToken };
}

/** With --keep, the endpoints of the last demo still wait for apps that are gone. */
export async function removeOldEndpoints(client: RollcallClient): Promise<void> {
  const old: string[] = [];
  for await (const { id, description } of client.webhookEndpoints.list({ page_size: 100 })) {
    if (description === ENDPOINT_DESCRIPTION) old.push(id);
  }
  for (const id of old) await client.webhookEndpoints.delete(id);
}
