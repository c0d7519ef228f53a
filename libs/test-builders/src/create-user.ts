import type { DataSource } from '@rollcall/database';
import { newId } from '@rollcall/platform';
import type { BuiltDirectory } from './build-directory';

/** Creates a user through the SQL function, with more attributes if wanted; returns its id. */
export async function createUser(
  app: DataSource,
  directory: BuiltDirectory,
  userName: string,
  attributes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const id = newId();
  const resource = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, active: true, ...attributes };
  const [row] = await app.query<{ outcome: string }[]>(
    'SELECT outcome FROM scim_add_user($1, $2, $3, null, $4, $5, $6, null, null, true, $7)',
    [...directory.credentials, id, resource, userName.toLowerCase(), [userName.toLowerCase()]],
  );
  if (row?.outcome !== 'ok') throw new Error(`the user was not created: ${JSON.stringify(row)}`);
  return id;
}

/** Creates a group with members through the SQL function; returns its id. */
export async function createGroup(
  app: DataSource,
  directory: BuiltDirectory,
  displayName: string,
  members: readonly string[] = [],
): Promise<string> {
  const id = newId();
  const resource = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName };
  const [row] = await app.query<{ outcome: string }[]>(
    'SELECT outcome FROM scim_add_group($1, $2, $3, null, $4, $5, $6, null, $7, false)',
    [...directory.credentials, id, resource, displayName.toLowerCase(), members],
  );
  if (row?.outcome !== 'ok') throw new Error(`the group was not created: ${JSON.stringify(row)}`);
  return id;
}

/** Applies membership steps through the SQL function; returns its outcome. */
export async function changeMembers(
  app: DataSource,
  directory: BuiltDirectory,
  groupId: string,
  steps: { kind: string; values?: readonly string[] }[],
): Promise<string | undefined> {
  const [row] = await app.query<{ outcome: string }[]>(
    'SELECT outcome FROM scim_change_group($1, $2, $3, null, $4, null, null, null, null, $5)',
    [...directory.credentials, groupId, JSON.stringify(steps)],
  );
  return row?.outcome;
}
