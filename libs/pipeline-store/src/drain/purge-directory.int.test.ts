import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ContactAlert, createDataSource, Directory, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { PURGED_TABLES, purgeDirectory } from './purge-directory';

/** What stays of a deleted directory. */
const KEPT: Record<string, string> = {
  events: 'readable until retention or an erasure drops them',
  deliveries: 'as the events',
  delivery_attempts: 'as the events',
  changes: 'drained before',
  directory_counters: 'the last number, behind which nothing follows',
  directory_secrets: 'that they are known, and refused; an erasure drops them',
  replays: 'what was asked for, with the endpoint',
  erasures: 'the receipts',
  directory_placements: 'whose it is, in the control cell',
  past_placements: 'in which cells its events are',
  scim_request_keys: 'hashes, which lead to nothing without the packs; they go with their week',
};

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

it('is decided of every table that says which directory a row is of', async () => {
  const rows = await app.query<{ name: string }[]>(
    `SELECT c.relname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attname = 'directory_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relnamespace = 'public'::regnamespace`,
  );
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...PURGED_TABLES, ...Object.keys(KEPT)].toSorted());
});

it('takes with it what contacts were told of the directory', async () => {
  const { environmentId, directoryId } = directory;
  const count = () =>
    tenantTransaction(app, directory, (manager) => manager.countBy(ContactAlert, { environmentId, directoryId }));
  await tenantTransaction(app, directory, async (manager) => {
    await manager.insert(ContactAlert, { environmentId, directoryId, kind: 'stalled' });
    await manager.update(Directory, { environmentId, id: directoryId }, { deletedTime: new Date() });
  });
  expect(await count()).toBe(1);
  expect(await purgeDirectory(app, directory)).toBe(false);
  expect(await count()).toBe(0);
});

it('goes on until nothing is left of a log that lies in several partitions', async () => {
  const { environmentId, directoryId } = await buildDirectory(database.ownerUrl);
  const tenant = { environmentId, directoryId };
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  await admin.query(
    `INSERT INTO scim_request_packs (directory_id, id, first_id, count, has_failures, entries)
     SELECT $1, ulid_floor(now() - weeks * interval '1 week') || lpad(n::text, 16, '0'), '', 1, false, '[]'
     FROM generate_series(0, 1) AS weeks, generate_series(1, 5500) AS n`,
    [directoryId],
  );
  const find = () => admin.query('SELECT 1 FROM scim_request_packs WHERE directory_id = $1 LIMIT 1', [directoryId]);
  // Whoever was told to purge it when it was deleted, and comes late, takes nothing from one that is alive.
  expect(await purgeDirectory(app, tenant)).toBe(false);
  expect(await find()).toHaveLength(1);
  await admin.query('UPDATE directories SET deleted_time = now() WHERE id = $1', [directoryId]);
  while (await purgeDirectory(app, tenant));
  expect(await find()).toEqual([]);
  await admin.destroy();
});
