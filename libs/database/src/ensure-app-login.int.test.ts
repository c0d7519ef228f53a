import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkRuntimeLogin } from './check-runtime-login';
import { APP_ROLE, createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { ensureAppLogin } from './ensure-app-login';
import { migrateDatabase } from './migrate-database';

let database: TestDatabase;
let admin: DataSource;
let owner: string;
let login: string;

/** A database of an owner of its own, who may make roles when the test says so. */
beforeEach(async () => {
  database = await createTestDatabase();
  admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  [owner, login] = [`owner_${randomBytes(6).toString('hex')}`, `app_${randomBytes(6).toString('hex')}`];
  await admin.query(
    `CREATE ROLE ${owner} LOGIN PASSWORD 'owner-secret'; ALTER DATABASE ${database.name} OWNER TO ${owner}`,
  );
});

afterEach(async () => {
  await admin.destroy();
  await database.drop();
  const server = await createDataSource({ url: database.adminUrl.replace(/[^/]*$/, 'postgres') }).initialize();
  await server.query(`DROP ROLE IF EXISTS ${login}; DROP ROLE ${owner}`);
  await server.destroy();
});

const as = (username: string, password: string) => Object.assign(new URL(database.appUrl), { username, password }).href;
const migrate = (password: string) =>
  migrateDatabase({ ownerUrl: as(owner, 'owner-secret'), appUrl: as(login, password) });

async function opens(password: string): Promise<boolean> {
  return checkRuntimeLogin(as(login, password)).then(
    () => true,
    () => false,
  );
}

/** May make roles and give away the application's, which was there before. */
async function letOwnerMakeRoles(): Promise<void> {
  await admin.query(`ALTER ROLE ${owner} CREATEROLE; GRANT ${APP_ROLE} TO ${owner} WITH ADMIN OPTION`);
}

it('makes the login of the application with its password, and gives it another one when that has changed', async () => {
  await letOwnerMakeRoles();
  await migrate('first-secret');
  expect(await opens('first-secret')).toBe(true);
  await migrate('second: s3cret/ü');
  expect([await opens('second: s3cret/ü'), await opens('first-secret')]).toEqual([true, false]);
  await migrate('second: s3cret/ü');
});

it('makes it once, however many start at the same time', async () => {
  await letOwnerMakeRoles();
  const logins = { ownerUrl: as(owner, 'owner-secret'), appUrl: as(login, 'app-secret') };
  await Promise.all([1, 2, 3].map(() => ensureAppLogin(logins)));
  expect(await opens('app-secret')).toBe(true);
});

it('says what an administrator has to run when the owner may make no role, without the password', async () => {
  const refused = migrate('app-secret');
  await expect(refused).rejects.toMatchObject({ code: 'app_role_missing' });
  await expect(refused).rejects.toThrow(
    `run, with the password of DATABASE_URL: CREATE ROLE "${login}" LOGIN PASSWORD '…'; GRANT rollcall_app TO "${login}";`,
  );
  await admin.query(`CREATE ROLE "${login}" LOGIN PASSWORD 'app-secret'; GRANT ${APP_ROLE} TO "${login}"`);
  await migrate('app-secret');
  expect(await opens('app-secret')).toBe(true);
});

it('leaves a login alone that is not the application’s', async () => {
  await letOwnerMakeRoles();
  await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'its own'`);
  await expect(migrate('guessed')).rejects.toThrow(`The login "${login}" of DATABASE_URL cannot be opened`);
  await admin.query(`GRANT ${owner} TO ${login}`);
  await expect(migrate('its own')).rejects.toThrow(`"${login}", which is a member of "${owner}", the owner`);
  login = owner;
  await expect(migrate('owner-secret')).rejects.toMatchObject({ code: 'login_too_strong' });
  login = 'app_unmade';
});

it('refuses to migrate as somebody who is not the owner, with one sentence', async () => {
  await expect(migrateDatabase({ ownerUrl: database.appUrl })).rejects.toThrow(
    /^"rollcall_app" does not own this database's tables: put the owner's login into DATABASE_OWNER_URL\.$/,
  );
});
