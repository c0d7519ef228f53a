import { newId } from '@rollcall/platform';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../connect-database';

/** A directory with one live secret whose hash nobody can meet: tests call the SQL functions as an authorized request would. */
export interface SeededDirectory {
  environmentId: string;
  organizationId: string;
  directoryId: string;
  secretId: string;
  /** The first three arguments of every SCIM function. */
  credentials: [directoryId: string, secretId: string, secretVersion: number];
}

/** Inserts environment, organization (feature on), directory, counter and secret as the owner of the database. */
export async function seedDirectory(ownerUrl: string, environmentId = newId()): Promise<SeededDirectory> {
  const owner = await createDataSource({ url: ownerUrl, poolSize: 1 }).initialize();
  const [organizationId, directoryId, secretId] = [newId(), newId(), newId()];
  await owner.query(`INSERT INTO environments (id, name) VALUES ($1, 'Test') ON CONFLICT DO NOTHING`, [environmentId]);
  await owner.query(
    `INSERT INTO organizations (environment_id, id, display_name, dir_sync_enabled) VALUES ($1, $2, 'Acme', true)`,
    [environmentId, organizationId],
  );
  await owner.query(
    `INSERT INTO directories (environment_id, id, organization_id, name, directory_type, directory_provider)
     VALUES ($1, $2, $3, 'Okta', 'SCIM', 'OKTA')`,
    [environmentId, directoryId, organizationId],
  );
  await owner.query(
    'INSERT INTO directory_counters (directory_id, environment_id, organization_id) VALUES ($1, $2, $3)',
    [directoryId, environmentId, organizationId],
  );
  await owner.query(
    `INSERT INTO directory_secrets (directory_id, id, environment_id, secret_hash, secret_suffix) VALUES ($1, $2, $3, 'none', 'none')`,
    [directoryId, secretId, environmentId],
  );
  await owner.destroy();
  return { environmentId, organizationId, directoryId, secretId, credentials: [directoryId, secretId, 1] };
}

/** Creates a user through the SQL function; returns its id. */
export async function createUser(app: DataSource, directory: SeededDirectory, userName: string): Promise<string> {
  const id = newId();
  const resource = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, active: true };
  const [row] = await app.query<{ outcome: string }[]>(
    'SELECT outcome FROM scim_create_user($1, $2, $3, $4, $5, $6, null, null, true, $7)',
    [...directory.credentials, id, resource, userName.toLowerCase(), [userName.toLowerCase()]],
  );
  if (row?.outcome !== 'ok') throw new Error(`the user was not created: ${JSON.stringify(row)}`);
  return id;
}

/** Creates a group with members through the SQL function; returns its id. */
export async function createGroup(
  app: DataSource,
  directory: SeededDirectory,
  displayName: string,
  members: readonly string[] = [],
): Promise<string> {
  const id = newId();
  const resource = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName };
  const [row] = await app.query<{ outcome: string }[]>(
    'SELECT outcome FROM scim_create_group($1, $2, $3, $4, $5, $6, null, $7, false)',
    [...directory.credentials, id, resource, displayName.toLowerCase(), members],
  );
  if (row?.outcome !== 'ok') throw new Error(`the group was not created: ${JSON.stringify(row)}`);
  return id;
}

/** Applies membership steps through the SQL function; returns its outcome. */
export async function changeMembers(
  app: DataSource,
  directory: SeededDirectory,
  groupId: string,
  steps: { kind: string; values?: readonly string[] }[],
): Promise<string | undefined> {
  const [row] = await app.query<{ outcome: string }[]>(
    'SELECT outcome FROM scim_write_group($1, $2, $3, $4, null, null, null, null, $5)',
    [...directory.credentials, groupId, JSON.stringify(steps)],
  );
  return row?.outcome;
}
