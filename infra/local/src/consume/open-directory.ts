import { RollcallError } from '@rollcall/sdk';
import type { DirectoryDetail, DirectoryProvider, Organization, RollcallClient } from '@rollcall/sdk';
import type { Server } from './connect-to-server';
import { openScim } from './write-scim';
import type { ScimWriter } from './write-scim';

/** The organization with this external id, made when there is none, with Directory Sync on. */
export async function ensureOrganization(
  client: RollcallClient,
  {
    external_id,
    display_name,
    metadata,
  }: { external_id: string; display_name: string; metadata?: Record<string, unknown> },
): Promise<Organization> {
  const known = await findOrganization(client, external_id);
  const organization =
    known ?? (await client.organizations.create({ external_id, display_name, ...(metadata && { metadata }) }));
  if (!hasDirectorySync(organization)) {
    await client.organizations.updateSettings(organization.id, { features: [{ name: 'dir_sync', enabled: true }] });
  }
  return organization;
}

/** Whether Directory Sync is on for an organization. */
export function hasDirectorySync({ settings }: Organization): boolean {
  return settings.features.some(({ name, enabled }) => name === 'dir_sync' && enabled);
}

/** The organization with this external id, or undefined. */
export async function findOrganization(client: RollcallClient, externalId: string): Promise<Organization | undefined> {
  try {
    return await client.organizations.getByExternalId(externalId);
  } catch (error) {
    if (error instanceof RollcallError && error.status === 404) return undefined;
    throw error;
  }
}

/** The directory with this name, made when there is none. */
export async function ensureDirectory(
  client: RollcallClient,
  organizationId: string,
  { name, provider }: { name: string; provider: DirectoryProvider },
): Promise<DirectoryDetail> {
  for await (const directory of client.directories.list(organizationId)) {
    if (directory.name === name) return directory;
  }
  return client.directories.create(organizationId, { directory_provider: provider, name });
}

/** When a token ends that a killed command could not revoke: after the longest work. */
const TOKEN_SECONDS = 86_400;

/** Works on a directory over SCIM with a token that ends with the work. */
export async function withScim<Result>(
  { client, baseUrl }: Pick<Server, 'client' | 'baseUrl'>,
  { organizationId, directory }: { organizationId: string; directory: DirectoryDetail },
  signal: AbortSignal,
  work: (scim: ScimWriter) => Promise<Result>,
): Promise<Result> {
  const { plain_secret: token, secret } = await client.directorySecrets.create(organizationId, directory.id, {
    expires_in: TOKEN_SECONDS,
  });
  try {
    return await work(openScim(endpointAt(baseUrl, directory), token, signal));
  } finally {
    await client.directorySecrets.revoke(organizationId, directory.id, secret.id);
  }
}

/** The endpoint at the address by which the server is reached here, which may be another than its public one. */
function endpointAt(baseUrl: string, { directory_endpoint: endpoint }: DirectoryDetail): string {
  return `${baseUrl}${endpoint.slice(endpoint.indexOf('/scim/'))}`;
}
