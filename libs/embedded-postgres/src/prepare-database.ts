import type { Client } from 'pg';
import type { ServerSecrets } from './server-secrets';

export const DATABASE = 'rollcall';
export const OWNER_ROLE = 'rollcall_owner';
export const APP_ROLE = 'rollcall_app';

/**
 * Makes the two login roles and the database, as far as they are missing: `rollcall_owner` owns the database and runs
 * migrations, `rollcall_app` may only connect, so that row-level security holds for every running process. Neither is a member of
 * the other: the owner would be under the application's policies too, which costs the functions that run with its rights.
 *
 * @param admin a connection of the superuser to any database of the server
 */
export async function prepareDatabase(admin: Client, secrets: ServerSecrets): Promise<void> {
  await ensureLoginRole(admin, OWNER_ROLE, secrets.ownerPassword);
  await ensureLoginRole(admin, APP_ROLE, secrets.appPassword);
  await admin.query(`revoke ${APP_ROLE} from ${OWNER_ROLE}`);
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (rowCount === 0) await admin.query(`create database ${DATABASE} owner ${OWNER_ROLE}`);
  await grantDatabase(admin, DATABASE);
}

/** Lets the two roles, and nobody else, connect to a database of `rollcall_owner`. */
export async function grantDatabase(admin: Client, database: string): Promise<void> {
  const name = admin.escapeIdentifier(database);
  await admin.query(`revoke all on database ${name} from public`);
  await admin.query(`grant connect, temporary on database ${name} to ${APP_ROLE}`);
}

/** Makes or corrects a login role without any privilege beyond its own objects. */
export async function ensureLoginRole(admin: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await admin.query(
    `${verb} role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication ` +
      `password ${admin.escapeLiteral(password)}`,
  );
}
