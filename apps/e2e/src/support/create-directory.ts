import type { RunningRollcall } from '@rollcall/testing';
import { connectManagementApi, type ManagementApi } from './connect-management-api';

/** A directory ready for an identity provider, and the API client of its owner. */
export interface ReadyDirectory {
  api: ManagementApi;
  organizationId: string;
  directoryId: string;
  scimUrl: string;
  token: string;
}

/** Makes an organization with Directory Sync on and a directory with a secret, through the management API. */
export async function createDirectory(
  rollcall: Pick<RunningRollcall, 'baseUrl' | 'bootstrap'>,
  provider = 'OKTA',
): Promise<ReadyDirectory> {
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  const api = await connectManagementApi(rollcall.baseUrl, { clientId, clientSecret });
  const { organization } = await api<{ organization: { id: string } }>('POST', '/organizations', {
    display_name: 'Northwind',
  });
  const path = `/organizations/${organization.id}`;
  await api('PATCH', `${path}/settings`, { features: [{ name: 'dir_sync', enabled: true }] });
  const { directory } = await api<{ directory: { id: string; directory_endpoint: string } }>(
    'POST',
    `${path}/directories`,
    {
      directory: { directory_type: 'SCIM', directory_provider: provider },
    },
  );
  const { plain_secret: token } = await api<{ plain_secret: string }>(
    'POST',
    `${path}/directories/${directory.id}/secrets`,
    {},
  );
  return {
    api,
    organizationId: organization.id,
    directoryId: directory.id,
    scimUrl: directory.directory_endpoint,
    token,
  };
}
