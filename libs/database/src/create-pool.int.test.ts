import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { Client } from 'pg';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, poolOf } from './connect-database';
import { createPool } from './create-pool';
import { isDatabaseUnavailable } from './is-database-unavailable';
import { migrateDatabase } from './migrate-database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
});

afterAll(() => database.drop());

/** Ends the connection's server process while a statement runs on it; an unheard error would fail the whole test run. */
async function loseInUse(client: PoolClient): Promise<unknown> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const statement = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
  const ended = new Promise((resolve) => client.once('end', resolve));
  await terminate(rows[0]?.pid);
  await ended;
  return statement;
}

async function terminate(pid: number | undefined): Promise<void> {
  const admin = new Client(database.adminUrl);
  await admin.connect();
  await admin.query('SELECT pg_terminate_backend($1)', [pid]);
  await admin.end();
}

describe('a connection that is lost while it is used', () => {
  it('fails its statement alone: the process lives and the pool goes on with another one', async () => {
    const pool = createPool({ url: database.appUrl, poolSize: 1, onError: () => undefined });
    const client = await pool.connect();
    expect(await loseInUse(client)).toMatchObject({ code: '57P01' });
    client.release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('of the data source neither', async () => {
    const dataSource = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
    const client = await poolOf(dataSource).connect();
    expect(await loseInUse(client)).toMatchObject({ code: '57P01' });
    client.release();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  it('between two statements of a transaction makes the next one fail as the database being away', async () => {
    const dataSource = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
    const failure = await dataSource
      .transaction(async (manager) => {
        const [row] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        const lost = new Promise((resolve) => poolOf(dataSource).once('remove', resolve));
        await terminate(row?.pid);
        await lost;
        await manager.query('SELECT 1');
      })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(isDatabaseUnavailable(failure)).toBe(true);
    await dataSource.destroy();
  });
});
