import { createSecretHasher, issueToken, newId } from '@rollcall/platform';
import { createDataSource } from '@rollcall/database';

/** A directory with one active token. */
export interface SeededDirectory {
  environmentId: string;
  organizationId: string;
  directoryId: string;
  secretId: string;
  token: string;
  /** Base URL of its SCIM endpoints. */
  scimUrl: string;
}

/** Writes a directory, enabled and with its feature on, as the administrator of a test database. */
export async function seedDirectory(
  adminUrl: string,
  baseUrl: string,
  { strict = false }: { strict?: boolean } = {},
): Promise<SeededDirectory> {
  const [environmentId, organizationId, directoryId, secretId] = [newId(), newId(), newId(), newId()];
  const token = issueToken(secretId);
  const hash = await createSecretHasher().hash(token);
  await runAsAdmin(adminUrl, [
    [`INSERT INTO environments (id, name) VALUES ($1, 'Test')`, [environmentId]],
    [
      `INSERT INTO organizations (environment_id, id, display_name, dir_sync_enabled) VALUES ($1, $2, 'Acme', true)`,
      [environmentId, organizationId],
    ],
    [
      `INSERT INTO directories (environment_id, id, organization_id, name, directory_type, directory_provider, strict_mode)
       VALUES ($1, $2, $3, 'Okta', 'SCIM', 'OKTA', $4)`,
      [environmentId, directoryId, organizationId, strict],
    ],
    [
      `INSERT INTO directory_counters (directory_id, environment_id, organization_id) VALUES ($1, $2, $3)`,
      [directoryId, environmentId, organizationId],
    ],
    [
      `INSERT INTO directory_secrets (directory_id, id, environment_id, secret_hash, secret_suffix) VALUES ($1, $2, $3, $4, $5)`,
      [directoryId, secretId, environmentId, hash, token.slice(-4)],
    ],
  ]);
  const scimUrl = `${baseUrl}/scim/${directoryId}/v2`;
  return { environmentId, organizationId, directoryId, secretId, token, scimUrl };
}

/** Runs statements past row-level security; the rows of the last one. */
export async function runAsAdmin<Row>(
  adminUrl: string,
  statements: [text: string, values: unknown[]][],
): Promise<Row[]> {
  const dataSource = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  try {
    let rows: Row[] = [];
    for (const [text, values] of statements) rows = await dataSource.query<Row[]>(text, values);
    return rows;
  } finally {
    await dataSource.destroy();
  }
}
