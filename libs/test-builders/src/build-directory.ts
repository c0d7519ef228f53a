import { createDataSource, Environment } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import {
  asOperator,
  createDirectory,
  createOrganization,
  issueDirectorySecret,
  updateDirectory,
  updateOrganization,
} from '@rollcall/management';
import { newId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';

/** A directory with one live secret. */
export interface BuiltDirectory {
  environmentId: string;
  organizationId: string;
  directoryId: string;
  secretId: string;
  secretVersion: number;
  /** Opens the directory when it was hashed. */
  token: string;
  /** The first three arguments of every SCIM function. */
  credentials: [directoryId: string, secretId: string, secretVersion: number];
}

export interface DirectoryOptions {
  /** An environment that there is already; else the directory gets one of its own. */
  environmentId?: string;
  strict?: boolean;
  /** By default one whose hashes nobody can meet: such tests call the SQL functions as an authorized request would. */
  hasher?: Pick<SecretHasher, 'hashGenerated'>;
}

/**
 * Makes a directory, enabled, of an organization of its own that has the feature on. Takes the URL of a login that may make
 * environments. That there is a new directory counts as published: its changes begin with what the test does.
 */
export async function buildDirectory(ownerUrl: string, options: DirectoryOptions = {}): Promise<BuiltDirectory> {
  const owner = await createDataSource({ url: ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  try {
    const environmentId = options.environmentId ?? (await buildEnvironment(owner));
    const organizationId = await buildOrganization(owner, environmentId);
    const scope = { environmentId, organizationId, directoryId: newId() };
    await createDirectory(asOperator(owner), scope, {
      id: scope.directoryId,
      name: 'Okta',
      directoryType: 'SCIM',
      directoryProvider: 'OKTA',
    });
    if (options.strict) await updateDirectory(asOperator(owner), scope, { strict: true });
    const { token, secret } = await issueDirectorySecret(asOperator(owner), options.hasher ?? NO_HASHER, scope, {});
    await owner.query('DELETE FROM changes WHERE directory_id = $1', [scope.directoryId]);
    return { ...scope, secretId: secret.id, secretVersion: 1, token, credentials: [scope.directoryId, secret.id, 1] };
  } finally {
    await owner.destroy();
  }
}

const NO_HASHER = { hashGenerated: () => 'none' };

/** An environment without an API client. */
async function buildEnvironment(owner: DataSource): Promise<string> {
  const id = newId();
  await owner.manager.insert(Environment, { id, name: 'Test' });
  return id;
}

/** An organization with Directory Sync on. */
async function buildOrganization(owner: DataSource, environmentId: string): Promise<string> {
  const organizationId = newId();
  const organization = { id: organizationId, displayName: 'Acme', externalId: null, metadata: {} };
  await createOrganization(asOperator(owner), environmentId, organization);
  await updateOrganization(asOperator(owner), { environmentId, organizationId }, { dirSyncEnabled: true });
  return organizationId;
}
