import { createMetrics } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, poolOf } from './connect-database';
import type { DataSource } from './connect-database';
import { createPool } from './create-pool';
import type { Pool } from './index';
import { watchPools } from './watch-pools';

let database: TestDatabase;
let pool: Pool;
let dataSource: DataSource;
const metrics = createMetrics('test');

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.ownerUrl, poolSize: 1, onError: () => undefined });
  dataSource = await createDataSource({ url: database.ownerUrl, poolSize: 3 }).initialize();
  watchPools(metrics, { small: pool, source: poolOf(dataSource) });
});

afterAll(async () => {
  await Promise.all([pool?.end(), dataSource?.destroy()]);
  await database?.drop();
});

/** The values of a metric of one pool. */
async function valuesOf(name: string, pool: string): Promise<Record<string, number>> {
  const found = (await metrics.series()).find((one) => one.name === name);
  const own = found?.values.filter(({ labels }) => labels['pool'] === pool) ?? [];
  return Object.fromEntries(
    own.map(({ labels, value, ...rest }) => {
      const part = (rest as { metricName?: string }).metricName?.slice(name.length) ?? '';
      return [`${labels['state'] ?? ''}${part}${labels['le'] ?? ''}`, value];
    }),
  );
}

it('tells what a pool has, what is used of it, and who waits for how long', async () => {
  const first = await pool.connect();
  const second = pool.query<{ one: number }>('SELECT 1 AS one');
  expect(await valuesOf('rollcall_database_pool_connections', 'small')).toEqual({ used: 1, idle: 0 });
  expect(await valuesOf('rollcall_database_pool_max_connections', 'small')).toEqual({ '': 1 });
  expect(await valuesOf('rollcall_database_pool_waiting', 'small')).toEqual({ '': 1 });
  const before = await valuesOf('rollcall_database_pool_wait_seconds', 'small');
  first.release();
  expect((await second).rows).toEqual([{ one: 1 }]);
  const after = await valuesOf('rollcall_database_pool_wait_seconds', 'small');
  expect(after['_count']).toBe((before['_count'] ?? 0) + 1);
  await waitUntil(async () => (await valuesOf('rollcall_database_pool_connections', 'small'))['idle'] === 1);
  expect(await valuesOf('rollcall_database_pool_waiting', 'small')).toEqual({ '': 0 });
});

it('counts no wait where a connection is free, and passes on what goes wrong', async () => {
  const before = await valuesOf('rollcall_database_pool_wait_seconds', 'small');
  await pool.query('SELECT 1');
  await expect(pool.query('SELECT nothing')).rejects.toThrow('nothing');
  expect(await valuesOf('rollcall_database_pool_wait_seconds', 'small')).toEqual(before);
  const gone = createPool({ url: 'postgres://nobody@127.0.0.1:1/x', onError: () => undefined });
  watchPools(createMetrics('test'), { gone });
  await expect(gone.connect()).rejects.toThrow('ECONNREFUSED');
  await expect(gone.query('SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await gone.end();
});

it("tells the same of a data source's pool", async () => {
  await dataSource.query('SELECT 1');
  expect(await valuesOf('rollcall_database_pool_max_connections', 'source')).toEqual({ '': 3 });
  expect(await valuesOf('rollcall_database_pool_connections', 'source')).toEqual({ used: 0, idle: 1 });
});
