import { Client } from 'pg';
import { newId } from '@rollcall/platform';
import type { ScimCaller } from './caller';

/** For tests: a directory with one secret, written by an administrator past row-level security. */
export async function seedDirectory(
  adminUrl: string,
  options: { strict?: boolean; secretHash?: string } = {},
): Promise<ScimCaller & { environmentId: string; organizationId: string }> {
  const [environmentId, organizationId, directoryId, secretId] = [newId(), newId(), newId(), newId()];
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`INSERT INTO environments (id, name) VALUES ($1, 'Test')`, [environmentId]);
    await client.query(
      `INSERT INTO organizations (environment_id, id, display_name, dir_sync_enabled) VALUES ($1, $2, 'Acme', true)`,
      [environmentId, organizationId],
    );
    await client.query(
      `INSERT INTO directories (environment_id, id, organization_id, name, directory_type, directory_provider, strict_mode)
       VALUES ($1, $2, $3, 'Okta', 'SCIM', 'OKTA', $4)`,
      [environmentId, directoryId, organizationId, options.strict ?? false],
    );
    await client.query(
      `INSERT INTO directory_counters (directory_id, environment_id, organization_id) VALUES ($1, $2, $3)`,
      [directoryId, environmentId, organizationId],
    );
    await client.query(
      `INSERT INTO directory_secrets (directory_id, id, environment_id, secret_hash, secret_suffix)
       VALUES ($1, $2, $3, $4, 'abcd')`,
      [directoryId, secretId, environmentId, options.secretHash ?? 'no hash'],
    );
  } finally {
    await client.end();
  }
  return { environmentId, organizationId, directoryId, secretId, secretVersion: 1 };
}
