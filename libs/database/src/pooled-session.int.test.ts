import { createTestDatabase, hasPgBouncer, startPgBouncer } from '@rollcall/testing';
import type { TestDatabase, TestPgBouncer } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRuntimeLogin } from './check-runtime-login';
import { APP_ROLE, createDataSource } from './connect-database';
import { createPool } from './create-pool';
import { describeRefusedConnection, describeStartFailure } from './describe-start-failure';
import { ensureAppLogin } from './ensure-app-login';
import { isDatabaseUnavailable } from './is-database-unavailable';
import { migrateDatabase } from './migrate-database';
import { prepared } from './prepare-statements';
import { tenantTransaction } from './tenant-transaction';

const POOLED = { role: APP_ROLE, statementMs: 8_000, isPooled: true };

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('nothing failed'),
    (error: unknown) => error as Error,
  );
}

/** The owner of the tests' databases may change no role: what it says an administrator has to run is run. */
async function giveDefaults({ ownerUrl, appUrl, adminUrl }: TestDatabase): Promise<void> {
  const logins = { ownerUrl, appUrl, isPooled: true };
  const { message } = await failureOf(ensureAppLogin(logins));
  expect(message).toMatch(/^With DATABASE_DIRECT_URL the login "rollcall_app" needs settings of its own/);
  const admin = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  await admin.query(message.slice(message.indexOf('ALTER ROLE')));
  await admin.destroy();
  await ensureAppLogin(logins);
}

const OLD = { keepsStatements: false };
const NEW = { keepsStatements: true };

/** So that clients share them. */
const FEW_CONNECTIONS = { default_pool_size: '4' };

/** A database and a PgBouncer in front of it, for the tests of a suite. */
function usePooler(kind: typeof OLD) {
  let database: TestDatabase;
  let pooler: TestPgBouncer;

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: migrateDatabase });
    pooler = await startPgBouncer(database.appUrl, { ...kind, settings: FEW_CONNECTIONS });
  });

  afterAll(async () => {
    await pooler?.stop();
    await database?.drop();
  });

  return {
    database: () => database,
    url: () => pooler.url,
    open: (options: { isPooled?: boolean } = {}) =>
      createDataSource({ ...POOLED, ...options, url: pooler.url, poolSize: 12 }).initialize(),
    startAnew: async () => {
      await pooler.stop();
      pooler = await startPgBouncer(database.appUrl, { ...kind, settings: FEW_CONNECTIONS });
    },
  };
}

function itRefusesStartUpOptions(open: (options: { isPooled: boolean }) => Promise<unknown>): void {
  it('refuses a session as PostgreSQL itself takes it, with one sentence that says what to do', async () => {
    const failure = await failureOf(open({ isPooled: false }));
    expect(describeStartFailure(failure)).toMatch(
      /^The database that DATABASE_URL names is behind a pooler, which takes no start-up options \(.+\): connect to PostgreSQL itself, or name it in DATABASE_DIRECT_URL as well \(README\.md, "Behind PgBouncer"\)\.$/,
    );
    expect(describeRefusedConnection(failure, 'DATABASE_OWNER_URL')).toMatch(
      /: the owner connects to PostgreSQL itself\.$/,
    );
    expect(isDatabaseUnavailable(failure)).toBe(true);
  });
}

describe.runIf(hasPgBouncer(OLD))('a PgBouncer that keeps no prepared statements', () => {
  const { open, url } = usePooler(OLD);

  itRefusesStartUpOptions(open);

  it('is refused, whoever comes first', async () => {
    const attempts = [() => open(), () => open(), () => checkRuntimeLogin(url(), true)];
    for (const attempt of attempts) {
      expect(describeStartFailure(await failureOf(attempt()))).toBe(
        'DATABASE_URL leads through a pooler that does not keep prepared statements: use PgBouncer 1.21 or newer with pool_mode = transaction and max_prepared_statements = 200, or connect to PostgreSQL itself.',
      );
    }
  });
});

describe.runIf(hasPgBouncer(NEW))('a PgBouncer that keeps prepared statements', () => {
  const { database, open, startAnew, url } = usePooler(NEW);

  itRefusesStartUpOptions(open);

  it('is refused until the login has our settings as its defaults, and taken then', async () => {
    expect(describeStartFailure(await failureOf(open()))).toMatch(
      /^DATABASE_URL leads through a pooler to sessions without our settings \(enable_seqscan = off, statement_timeout = 18s, .*\): run "npm run rollcall -- migrate"/,
    );
    await giveDefaults(database());
    await startAnew();
    await checkRuntimeLogin(url(), true);
    const dataSource = await open();
    const [settings] = await dataSource.query<unknown[]>(
      `SELECT current_user, current_setting('jit') AS jit, current_setting('statement_timeout') AS timeout`,
    );
    expect(settings).toEqual({ current_user: APP_ROLE, jit: 'off', timeout: '18s' });
    await dataSource.destroy();
  });

  it('answers many clients on few connections, each as its own tenant', async () => {
    const dataSource = await open();
    const pool = createPool({ ...POOLED, url: url(), poolSize: 12, onError: () => undefined });
    const text = prepared(`SELECT current_setting('rollcall.environment_id') || $1::text AS seen`);
    const work = (n: number) =>
      tenantTransaction(dataSource, { environmentId: `env${n}` }, async (manager) => {
        await manager.query(text, [n]);
        return manager.query<{ seen: string }[]>(text, [n]);
      });
    const named = (n: number) =>
      pool.query<{ twice: number }>({
        name: `twice ${n % 5}`,
        text: `SELECT ${n % 5} * $1::int AS twice`,
        values: [n],
      });
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    const [seen, twice] = await Promise.all([
      Promise.all(numbers.map(work)),
      Promise.all(numbers.map(async (n) => (await named(n)).rows)),
    ]);
    expect(seen).toEqual(numbers.map((n) => [{ seen: `env${n}${n}` }]));
    expect(twice).toEqual(numbers.map((n) => [{ twice: (n % 5) * n }]));
    const [servers] = await dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`,
    );
    expect(servers?.count).toBeLessThanOrEqual(4);
    await Promise.all([dataSource.destroy(), pool.end()]);
  });
});

it.runIf(!hasPgBouncer(OLD))('a PgBouncer without prepared statements was NOT tested: none is installed', () => {
  expect(process.env.CI, 'it has to be installed where CI=true').not.toBe('true');
});

it('a session that was to come through a pooler and does not is taken, with the same defaults', async () => {
  const database = await createTestDatabase({ migrate: migrateDatabase });
  await giveDefaults(database);
  const dataSource = await createDataSource({ ...POOLED, url: database.appUrl, poolSize: 1 }).initialize();
  expect(await dataSource.query(`SELECT current_setting('enable_seqscan') AS seqscan`)).toEqual([{ seqscan: 'off' }]);
  await dataSource.destroy();
  await database.drop();
});
