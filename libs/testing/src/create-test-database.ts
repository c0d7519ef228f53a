import { createHash, randomBytes } from 'node:crypto';
import { grantDatabase, OWNER_ROLE } from '@rollcall/embedded-postgres';
import { Client } from 'pg';
import { inject } from 'vitest';

/** The server of the test run, by its three logins. */
export interface TestServer {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer;
  }
}

export interface TestDatabase extends TestServer {
  readonly name: string;
  readonly appRole: 'rollcall_app';
  /** Ends every connection to the database and drops it. */
  drop(): Promise<void>;
}

type Migrate = (urls: { ownerUrl: string; appRole: string }) => Promise<unknown>;

export interface TestDatabaseOptions {
  /** Fills the database as its owner; run once per test run, then copied. Its connections must be closed when it is done. */
  readonly migrate?: Migrate;
  /** Names the migrated template; by default the text of `migrate`, so that the same function shares one. */
  readonly templateKey?: string;
}

/**
 * Makes a fresh database on the server of the test run, empty or migrated. Only suites named `*.int.test.ts` have that
 * server.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('postgres');
  if (!server) throw new Error('There is no PostgreSQL for this suite: name the file *.int.test.ts.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withAdmin(server, async (admin) => {
    const template = options.migrate
      ? await ensureTemplate(admin, server, options.migrate, options.templateKey)
      : undefined;
    await createDatabase(admin, name, template);
  });
  return {
    ...urlsOf(server, name),
    name,
    appRole: 'rollcall_app',
    drop: () =>
      withAdmin(server, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function withAdmin<T>(server: TestServer, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: server.adminUrl, application_name: 'rollcall test harness' });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Migrates the template once, whichever of the parallel test files comes first; the others wait for it. */
async function ensureTemplate(admin: Client, server: TestServer, migrate: Migrate, key?: string): Promise<string> {
  const name = `template_${createHash('sha256')
    .update(key ?? migrate.toString())
    .digest('hex')
    .slice(0, 16)}`;
  await admin.query('select pg_advisory_lock(hashtext($1))', [name]);
  const { rowCount } = await admin.query('select from pg_database where datname = $1 and datistemplate', [name]);
  if (rowCount === 0) {
    await admin.query(`drop database if exists ${name} with (force)`);
    await createDatabase(admin, name);
    await migrate({ ownerUrl: urlsOf(server, name).ownerUrl, appRole: 'rollcall_app' });
    await admin.query(`alter database ${name} is_template true allow_connections false`);
  }
  await admin.query('select pg_advisory_unlock(hashtext($1))', [name]);
  return name;
}

async function createDatabase(admin: Client, name: string, template = 'template1'): Promise<void> {
  await admin.query(`create database ${name} owner ${OWNER_ROLE} template ${template}`);
  await grantDatabase(admin, name);
}

function urlsOf(server: TestServer, database: string): TestServer {
  const on = (url: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  return { adminUrl: on(server.adminUrl), ownerUrl: on(server.ownerUrl), appUrl: on(server.appUrl) };
}
