import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createTestDatabase, startFaultProxy, waitUntil } from '@rollcall/testing';
import type { FaultProxy, TestDatabase } from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_ROLE, createDataSource } from './connect-database';
import { createPool } from './create-pool';
import { describeStartFailure } from './describe-start-failure';
import { isDatabaseUnavailable } from './is-database-unavailable';
import { longTransaction } from './long-transaction';
import { migrateDatabase } from './migrate-database';
import { sqlState } from './tenant-transaction';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
});

afterAll(() => database.drop());

const BOUNDED = { role: APP_ROLE, statementMs: 8_000, onError: () => undefined };

function through(port: number, url: string): string {
  return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
}

async function waits(client: Client, what: string): Promise<{ pid: number }[]> {
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1`,
    [what],
  );
  return rows;
}

describe.concurrent('a network that goes silent, with its connections dead afterwards', () => {
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await startFaultProxy({ targetPort: Number(new URL(database.appUrl).port) });
    return () => proxy.stop();
  });

  it('fails who waits as the database being away, and leaves no pool a dead connection', async () => {
    const url = through(proxy.port, database.appUrl);
    const pool = createPool({ ...BOUNDED, url, poolSize: 4 });
    const dataSource = await createDataSource({ ...BOUNDED, url, poolSize: 2 }).initialize();
    const listening = await pool.connect();
    await listening.query('LISTEN nothing');
    const isGone = once(listening, 'error');
    // One is idle and one is in use when it happens; the long one may take an hour and is given up with them.
    await Promise.all([pool.query('SELECT 1'), pool.query('SELECT pg_sleep(0.01)')]);
    const long = longTransaction(pool, { statementMs: 3_600_000 }, (client) => client.query('SELECT pg_sleep(3600)'));
    await new Promise((resolve) => pool.once('acquire', resolve));
    const inTransaction = dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1');
      await proxy.setFault({ kind: 'silent' });
      await manager.query('SELECT 1');
    });
    const failures = await Promise.all(
      [inTransaction, long, isGone.then(([error]) => Promise.reject(error as Error))].map((waiting) =>
        waiting.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    expect(failures.map((failure) => isDatabaseUnavailable(failure))).toEqual([true, true, true]);
    listening.release(true);
    await waitUntil(() => pool.totalCount === 0, { what: 'the pool being rid of what is dead' });
    await proxy.setFault({ kind: 'pass' });
    // At once: nothing dead is handed out any more.
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await Promise.all([pool.end(), dataSource.destroy()]);
  });
});

describe.concurrent('a connection on which nothing happens', () => {
  it('stays open, whether it listens or is idle, and so does a statement that may take its time', async () => {
    const pool = createPool({ ...BOUNDED, url: database.appUrl, poolSize: 3 });
    const client = await pool.connect();
    await client.query('LISTEN something');
    await pool.query('SELECT 1');
    const before = pool.totalCount;
    await longTransaction(pool, { statementMs: 30_000 }, (long) => long.query('SELECT pg_sleep(12)'));
    expect(pool.totalCount).toBe(Math.max(before, 2));
    const heard = once(client, 'notification');
    await pool.query('NOTIFY something');
    expect(await heard).toMatchObject([{ channel: 'something' }]);
    client.release();
    await pool.end();
  });
});

describe('a server that takes no writes any more', () => {
  it('is left with the first write that it refuses, so that a pool comes to the one that does', async () => {
    const other = await createTestDatabase();
    const dataSource = await createDataSource({ ...BOUNDED, url: other.appUrl, poolSize: 1 }).initialize();
    const backend = async () => (await dataSource.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
    await dataSource.query('SET default_transaction_read_only = on');
    const before = await backend();
    const failure = await dataSource
      .transaction((manager) => manager.query('CREATE TABLE refused (id int)'))
      .catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('25006');
    expect(isDatabaseUnavailable(failure)).toBe(true);
    expect(await backend()).not.toBe(before);
    await dataSource.destroy();
    await other.drop();
  });
});

describe.concurrent('a session with bounds', () => {
  it('ends a statement, and a transaction whose owner stands still, so that others have its locks', async () => {
    const pool = createPool({ ...BOUNDED, url: database.ownerUrl, role: undefined, statementMs: 500, poolSize: 2 });
    const other = new Client(database.ownerUrl);
    await other.connect();
    await other.query('CREATE TABLE IF NOT EXISTS locked (id int); INSERT INTO locked VALUES (1)');
    expect(isDatabaseUnavailable(await pool.query('SELECT pg_sleep(30)').catch((error: unknown) => error))).toBe(true);
    const frozen = await pool.connect();
    await frozen.query('BEGIN');
    await frozen.query('SELECT * FROM locked FOR UPDATE');
    const { rows } = await other.query('SELECT * FROM locked FOR UPDATE');
    expect(rows).toHaveLength(1);
    const failure = await frozen.query('COMMIT').catch((error: unknown) => error);
    expect(isDatabaseUnavailable(failure)).toBe(true);
    frozen.release();
    await other.end();
    await pool.end();
  });

  it('finds out on both sides that the other has gone', async () => {
    const pool = createPool({ ...BOUNDED, url: database.appUrl, poolSize: 1 });
    const names = [
      'statement_timeout',
      'idle_in_transaction_session_timeout',
      'tcp_user_timeout',
      'tcp_keepalives_idle',
      'client_connection_check_interval',
    ];
    const { rows } = await pool.query<{ name: string; setting: string }>(
      'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
      [names],
    );
    const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]));
    expect(settings).toMatchObject({ statement_timeout: 8_000, idle_in_transaction_session_timeout: 15_000 });
    if (process.platform === 'linux') {
      expect(settings).toMatchObject({
        tcp_user_timeout: 20_000,
        tcp_keepalives_idle: 15,
        client_connection_check_interval: 5_000,
      });
    }
    await pool.end();
  });

  it('belongs to no statement of a client that has gone', async () => {
    const pool = createPool({ ...BOUNDED, url: database.appUrl, poolSize: 1, applicationName: 'gone' });
    const client = await pool.connect();
    const asleep = client.query('SELECT pg_sleep(7)').catch(() => undefined);
    const admin = new Client(database.adminUrl.replace(/[^/]*$/, database.name));
    await admin.connect();
    await waitUntil(async () => (await waits(admin, 'gone')).length === 1);
    client.release(new Error('gone'));
    await asleep;
    await waitUntil(async () => (await waits(admin, 'gone')).length === 0, { what: 'the end of the statement' });
    expect(await waits(admin, 'gone')).toEqual([]);
    await Promise.all([admin.end(), pool.end()]);
  });
});

describe.concurrent('a pooler that drops start-up options', () => {
  let pooler: Server;

  beforeAll(async () => {
    pooler = await startOptionDropper(Number(new URL(database.appUrl).port));
    return () => pooler.close();
  });

  it.each([
    ['a pool', (url: string) => createPool({ ...BOUNDED, url }).query('SELECT 1')],
    ['a data source', (url: string) => createDataSource({ ...BOUNDED, url }).initialize()],
  ])('is refused at the connection, before anything is asked: %s', async (_name, ask) => {
    const failure = await ask(through((pooler.address() as AddressInfo).port, database.ownerUrl)).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(describeStartFailure(failure)).toMatch(
      /^DATABASE_URL leads to sessions that act as "[^"]+" and not as "rollcall_app", without our settings: a pooler on the way drops the start-up options\. Connect to PostgreSQL itself, or name it in DATABASE_DIRECT_URL as well\.$/,
    );
    expect(isDatabaseUnavailable(failure)).toBe(true);
  });
});

/** Passes everything on but the `options` of the first message. */
async function startOptionDropper(targetPort: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    client.once('data', (first: Buffer) => {
      const fields = first.toString('latin1', 8).split('\0');
      const at = fields.indexOf('options');
      if (at >= 0) fields.splice(at, 2);
      const rest = Buffer.from(fields.join('\0'), 'latin1');
      const head = Buffer.from(first.subarray(0, 8));
      head.writeUInt32BE(rest.length + 8);
      upstream.write(Buffer.concat([head, rest]));
      client.pipe(upstream);
    });
    upstream.pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
