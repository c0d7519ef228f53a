import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkRuntimeLogin } from './check-runtime-login';
import { APP_ROLE, createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';

let database: TestDatabase;
let admin: DataSource;
const made: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
});

afterAll(async () => {
  for (const role of made.toReversed()) await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await admin.destroy();
  await database.drop();
});

/** Makes a role of the server; `options` as of CREATE ROLE. */
async function makeRole(options = ''): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' IN ROLE ${APP_ROLE} ${options}`);
  // By a membership alone NOINHERIT has no way in.
  await admin.query(`GRANT CONNECT ON DATABASE ${database.name} TO ${name}`);
  made.push(name);
  return name;
}

/** What comes of the check for a login. */
async function check(login: string): Promise<string> {
  const url = Object.assign(new URL(database.appUrl), { username: login, password: 'secret' }).href;
  const refusal = await checkRuntimeLogin(url).then(
    () => 'may run',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
  expect(refusal).not.toContain('secret');
  return refusal;
}

it('lets the application’s own login run, and another one that is a member of its role', async () => {
  await expect(checkRuntimeLogin(database.appUrl)).resolves.toBeUndefined();
  expect(await check(await makeRole())).toBe('may run');
});

it('refuses the owner of the tables', async () => {
  await expect(checkRuntimeLogin(database.ownerUrl)).rejects.toThrow(
    /^DATABASE_URL logs in as "rollcall_owner", which owns the tables, the schema or the database: .*migrate.*DATABASE_OWNER_URL/,
  );
});

it('refuses a login that cannot act as the application', async () => {
  const login = await makeRole();
  await admin.query(`REVOKE ${APP_ROLE} FROM ${login}`);
  expect(await check(login)).toMatch(/^app_role_missing: The login .* cannot act as rollcall_app: run .*migrate/);
});

it('refuses the owner of the database or of one table alone', async () => {
  const login = await makeRole();
  await admin.query(`GRANT ALL ON SCHEMA public TO ${login}; ALTER TABLE replays OWNER TO ${login}`);
  expect(await check(login)).toMatch(/^login_too_strong: .* which owns the tables, the schema or the database:/);
  await admin.query(`ALTER TABLE replays OWNER TO rollcall_owner`);
  await admin.query(`ALTER DATABASE ${database.name} OWNER TO ${login}`);
  expect(await check(login)).toMatch(/^login_too_strong: .* which owns the tables, the schema or the database:/);
  await admin.query(`ALTER DATABASE ${database.name} OWNER TO rollcall_owner`);
  expect(await check(login)).toBe('may run');
});

it.each([
  ['SUPERUSER', 'is a superuser'],
  ['BYPASSRLS', 'may bypass row-level security'],
  ['IN ROLE rollcall_owner', 'is a member of "rollcall_owner", the owner'],
  ['NOINHERIT IN ROLE rollcall_owner', 'is a member of "rollcall_owner", the owner'],
  ['IN ROLE pg_execute_server_program', 'may become "pg_execute_server_program"'],
])('refuses a login made with %s', async (options, power) => {
  const login = await makeRole(options.replace(/IN ROLE (\w+)/, ''));
  const [, role] = /IN ROLE (\w+)/.exec(options) ?? [];
  if (role) await admin.query(`GRANT ${role} TO ${login}`);
  expect(await check(login)).toContain(`login_too_strong: DATABASE_URL logs in as "${login}", which ${power}`);
});

it('refuses a login that comes to the owner or to a superuser by a role in between', async () => {
  const [between, superuser, login] = [await makeRole(), await makeRole('SUPERUSER'), await makeRole('NOINHERIT')];
  await admin.query(`GRANT rollcall_owner TO ${between}; GRANT ${between} TO ${login}`);
  expect(await check(login)).toContain('is a member of "rollcall_owner", the owner');
  await admin.query(`REVOKE rollcall_owner FROM ${between}; GRANT ${superuser} TO ${between}`);
  expect(await check(login)).toContain(`may become "${superuser}"`);
});
