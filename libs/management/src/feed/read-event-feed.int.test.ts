import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, seedEvents } from '@rollcall/test-builders';
import type { BuiltDirectory, SeededEvent } from '@rollcall/test-builders';
import { readEventFeed } from './read-event-feed';
import type { FeedStart } from './resolve-feed-start';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;
let events: SeededEvent[];

/** Of three events the first is two days old; one day is kept, and nothing was removed yet. */
beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
  events = await seedEvents(app, directory, { from: 1, to: 3 });
  await tenantTransaction(app, directory, (manager) =>
    manager.query(
      `UPDATE events SET id = ulid_floor(now() - interval '2 days') || substr(id, 11) WHERE directory_id = $1 AND sequence = 1`,
      [directory.directoryId],
    ),
  );
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const read = (start: FeedStart, directoryId?: string) =>
  readEventFeed(app, directory.environmentId, { filter: { directoryId }, start, size: 10, retentionSeconds: 86_400 });

it('shows nothing that is older than the retention, before it is removed', async () => {
  const kept = events.slice(1).map(({ body }) => body);
  expect((await read({ kind: 'oldest' })).bodies).toEqual(kept);
  expect((await read({ kind: 'oldest' }, directory.directoryId)).bodies).toEqual(kept);
});

it('refuses a position before it with the first number that is kept', async () => {
  const { directoryId } = directory;
  const expired = { code: 'events_expired', details: { oldest_sequence: 2 } };
  await expect(read({ kind: 'sequence', directoryId, sequence: '0' }, directoryId)).rejects.toMatchObject(expired);
  expect((await read({ kind: 'sequence', directoryId, sequence: '1' }, directoryId)).bodies).toHaveLength(2);
});
