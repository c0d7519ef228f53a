import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { dropOldLogPartitions, ensureLogPartitions } from './partitions';
import { refreshStatistics } from './refresh-statistics';
import { sqlState } from './tenant-transaction';

const LOG_TABLES = ['deliveries', 'delivery_attempts', 'events'];

let database: TestDatabase;
let owner: DataSource;
let app: DataSource;

beforeEach(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, poolSize: 1 }).initialize();
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

afterEach(async () => {
  await Promise.all([owner.destroy(), app.destroy()]);
  await database.drop();
});

async function partitions(): Promise<string[]> {
  const rows = await owner.query<{ name: string }[]>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = ANY ($1::regclass[]) AND c.relkind = 'r' ORDER BY c.relname`,
    [LOG_TABLES],
  );
  return rows.map(({ name }) => name);
}

function insertEvent(id: string): Promise<unknown> {
  return app.transaction(async (manager) => {
    await manager.query(`SELECT set_config('rollcall.directory_id', 'd', true)`);
    await manager.query(
      `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
       VALUES ('d', 'e', 'o', $1, 1, 't', 'r', now(), '{}')`,
      [id],
    );
  });
}

it('makes the partitions of last week to four weeks ahead for each log table, once, however many ask', async () => {
  const before = await partitions();
  await Promise.all([1, 2, 3, 4].map(() => ensureLogPartitions(app)));
  expect(await partitions()).toEqual(before);
  for (const table of LOG_TABLES) {
    expect(before.filter((name) => name.startsWith(`${table}_2`)).length).toBeGreaterThanOrEqual(5);
  }
});

it('refuses a row whose week has no partition, and takes it once the partitions have been made', async () => {
  await owner.query(`SELECT drop_log_partitions('infinity')`);
  expect(await partitions()).toEqual([]);
  const id = newId();
  await expect(insertEvent(id).catch((error: unknown) => sqlState(error))).resolves.toBe('23514');
  await ensureLogPartitions(app);
  await insertEvent(id);
});

it('drops the weeks that ended before retention and keeps the others with their rows', async () => {
  for (const [table, from, to] of [
    ['events', '20200106', '20200113'],
    ['deliveries', '20200106', '20200113'],
  ]) {
    await owner.query(
      `CREATE TABLE ${table}_${from} PARTITION OF ${table} FOR VALUES FROM ('${await floorOf(from)}') TO ('${await floorOf(to)}')`,
    );
  }
  const kept = (await partitions()).filter((name) => !name.endsWith('_20200106'));
  const id = newId();
  await insertEvent(id);
  expect((await dropOldLogPartitions(app, 30)).toSorted()).toEqual(['deliveries_20200106', 'events_20200106']);
  expect(await partitions()).toEqual(kept);
  expect(await owner.query('SELECT id FROM events')).toEqual([{ id }]);
});

async function floorOf(day: string | undefined): Promise<string> {
  const [row] = await owner.query<{ floor: string }[]>(`SELECT ulid_floor($1::timestamptz) AS floor`, [`${day} UTC`]);
  return row?.floor ?? '';
}

it('looks again at a table that has grown several times over, and only then', async () => {
  await owner.query(`INSERT INTO published_users (directory_id, id, sequence, data)
    SELECT 'd', n::text, n, repeat('x', 500) FROM generate_series(1, 2000) AS n`);
  expect(await refreshStatistics(app)).toEqual(['published_users']);
  expect(await refreshStatistics(app)).toEqual([]);
});
