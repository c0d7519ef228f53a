import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { clearOldAnswers, deleteExpiredRows, dropOldLogPartitions, ensureLogPartitions } from './partitions';
import { refreshStatistics } from './refresh-statistics';
import { sqlState } from './tenant-transaction';

const LOG_TABLES = ['deliveries', 'delivery_attempts', 'events', 'scim_request_keys', 'scim_request_packs'];

let database: TestDatabase;
let owner: DataSource;
let app: DataSource;

beforeEach(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
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
  for (const name of await partitions()) await owner.query(`DROP TABLE ${name}`);
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

/** Days ago, as the start of an id, with a week for it in each log table. */
async function idAt(daysAgo: number): Promise<string> {
  for (const table of LOG_TABLES) {
    await owner.query(`DO $do$ DECLARE
        week timestamptz := date_trunc('week', now() - ${daysAgo} * interval '1 day', 'UTC');
        name text := '${table}_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
      BEGIN
        IF to_regclass(name) IS NULL THEN
          EXECUTE format('CREATE TABLE %I PARTITION OF ${table} FOR VALUES FROM (%L) TO (%L)', name, ulid_floor(week),
            ulid_floor(week + interval '1 week'));
        END IF;
      END $do$`);
  }
  const [row] = await owner.query<{ floor: string }[]>(
    `SELECT ulid_floor(now() - ${daysAgo} * interval '1 day') || '0000000000000000' AS floor`,
  );
  return row?.floor ?? '';
}

/** An event, its delivery, an attempt and a request of a directory, from so many days ago. */
async function insertRows(directoryId: string, daysAgo: number): Promise<string> {
  const id = await idAt(daysAgo);
  await owner.query(
    `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
     VALUES ($1, 'e', 'o', $2, 1, 't', 'r', now(), '{}')`,
    [directoryId, id],
  );
  await owner.query(
    `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, resource_id, state, next_attempt_time)
     VALUES ($1, $2, 'e', 'p', $2, 't', 'r', 'succeeded', now())`,
    [directoryId, id],
  );
  await owner.query(
    `INSERT INTO delivery_attempts (directory_id, delivery_id, attempt, environment_id, endpoint_id, start_time, status,
       response_headers, response_body)
     VALUES ($1, $2, 1, 'e', 'p', now() - $3 * interval '1 day', 200, '{"a": "b"}', 'answer')`,
    [directoryId, id, daysAgo],
  );
  await owner.query(
    `INSERT INTO scim_request_packs (directory_id, id, first_id, count, has_failures, entries) VALUES ($1, $2, $2, 1, false, '[]')`,
    [directoryId, id],
  );
  return id;
}

const idsIn = async (table: string, column = 'id') =>
  (await owner.query<{ id: string }[]>(`SELECT ${column} AS id FROM ${table} ORDER BY 1`)).map(({ id }) => id);

it('deletes what is older than the retention to the day, also in a week that is kept', async () => {
  const kept = [await insertRows('d1', 29.9), await insertRows('', 1)].toSorted();
  for (const [directoryId, daysAgo] of [
    ['', 30.1],
    ['d1', 30.2],
    ['d2', 31],
    ['d3', 36],
  ] as const) {
    await insertRows(directoryId, daysAgo);
  }
  expect(await deleteExpiredRows(app, 30)).toBe(16);
  expect(await idsIn('events')).toEqual(kept);
  expect(await idsIn('deliveries')).toEqual(kept);
  expect(await idsIn('delivery_attempts', 'delivery_id')).toEqual(kept);
  expect(await idsIn('scim_request_packs')).toEqual(kept);
  expect(await deleteExpiredRows(app, 30)).toBe(0);
});

it('deletes in batches, and nothing of the last day whatever it is asked', async () => {
  for (const directoryId of ['', 'd1', 'd2']) await insertRows(directoryId, 2);
  const kept = await insertRows('d1', 0.9);
  const steps: unknown[] = [];
  for (let after: string | null = null; ;) {
    const [step]: { deleted: string; next_after: string | null }[] = await app.query(
      'SELECT * FROM delete_expired_rows(0, $1, 2, 2)',
      [after],
    );
    steps.push(step);
    after = step?.next_after ?? null;
    if (after === null && step?.deleted === '0') break;
  }
  expect(steps.length).toBeGreaterThan(5);
  expect(await idsIn('events')).toEqual([kept]);
});

it('keeps the status of an answer that is cleared', async () => {
  await insertRows('d1', 8);
  const kept = await insertRows('d2', 6.9);
  expect(await clearOldAnswers(app, 7)).toBe(1);
  expect(await clearOldAnswers(app, 7)).toBe(0);
  const attempts = await owner.query<{ delivery_id: string; status: number; response_body: string }[]>(
    'SELECT status, response_headers, response_body, delivery_id = $1 AS kept FROM delivery_attempts ORDER BY delivery_id',
    [kept],
  );
  expect(attempts).toEqual([
    { status: 200, response_headers: {}, response_body: '', kept: false },
    { status: 200, response_headers: { a: 'b' }, response_body: 'answer', kept: true },
  ]);
});

it.each([`'infinity'`, 'now()', `now() - interval '23 hours'`])(
  'lets nobody drop what is younger than a day: %s',
  async (before) => {
    const kept = await partitions();
    for (const dataSource of [app, owner]) {
      const dropped = dataSource
        .query(`SELECT drop_log_partitions(${before})`)
        .catch((error: unknown) => sqlState(error));
      await expect(dropped).resolves.toBe('22023');
    }
    expect(await partitions()).toEqual(kept);
  },
);

it('makes no partitions of years to come', async () => {
  const made = app.query(`SELECT ensure_log_partitions('7 months')`).catch((error: unknown) => sqlState(error));
  await expect(made).resolves.toBe('22023');
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
