import { createLogger, createTurns, publicId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { limitBatch } from '@rollcall/events';
import { lockCounter } from '@rollcall/pipeline-store';
import { buildDirectory, buildEndpoint, createGroup, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainDirectory } from './drain-directory';

const DIRECTORIES = 6;
const ENDPOINTS = 60;
const MEMBERS = 300;
/** A group of 300 that is emptied and filled again, so often. */
const WAVES = 10;

interface Drained {
  directory_id: string;
  changes: number;
  events: number;
  deliveries: number;
}

let database: TestDatabase;
let owner: DataSource;
let app: DataSource;
let busy: BuiltDirectory[];
let stopping: AbortController;
let running: Promise<void>[];
/** What the drains have logged: one line for each batch. */
const drained: Drained[] = [];
const logger = createLogger('test', {
  level: 'info',
  destination: {
    write: (line: string) => {
      const entry = JSON.parse(line) as Drained & { msg: string };
      if (entry.msg === 'directory.drained') drained.push(entry);
    },
  },
});
/** One turn at a time: what happens is then a matter of order alone. */
const turns = createTurns({ atOnce: 1, perOwner: 1 });

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  app = await createDataSource({ url: database.appUrl }).initialize();
  const first = await buildDirectory(database.ownerUrl);
  busy = [first];
  for (let n = 1; n < DIRECTORIES; n++) busy.push(await buildDirectory(database.ownerUrl, first));
  for (const directory of busy) await makeWave(directory);
  for (let n = 0; n < ENDPOINTS; n++) await buildEndpoint(app, first);
});

afterAll(async () => {
  await app?.destroy();
  await owner?.destroy();
  await database?.drop();
});

beforeEach(() => {
  stopping = new AbortController();
  running = [];
  drained.length = 0;
});

afterEach(async () => {
  stopping.abort();
  await Promise.all(running);
});

/** A published group, and the changes that empty and fill it again and again. */
async function makeWave(directory: BuiltDirectory): Promise<void> {
  const { directoryId } = directory;
  const ids = await owner.query<{ id: string }[]>(
    `INSERT INTO changes (directory_id, kind, resource_id, resource, users_delta, occurred_at)
     SELECT $1, 'user_written', substr($1, 1, 10) || lpad(n::text, 16, '0'),
       jsonb_build_object('userName', 'user' || n || '@example.com', 'active', true), 1, now() FROM generate_series(1, $2::int) n
     RETURNING resource_id AS id`,
    [directoryId, MEMBERS],
  );
  const groupId = await createGroup(app, directory, 'Everyone', []);
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  const members = ids.map(({ id }) => id);
  for (let wave = 0; wave < WAVES; wave++) {
    await owner.query(
      `INSERT INTO changes (directory_id, kind, resource_id, added, removed, occurred_at)
       VALUES ($1, 'members_changed', $2, $3, '{}', now()), ($1, 'members_changed', $2, '{}', $3, now())`,
      [directoryId, groupId, members],
    );
  }
}

function drain(directory: BuiltDirectory): void {
  const dependencies = { dataSource: app, logger, turns, deliverEndpoint: () => undefined };
  running.push(drainDirectory(dependencies, directory, stopping.signal));
}

async function changesLeft(directory?: BuiltDirectory): Promise<number> {
  const [row] = await owner.query<{ left: number }[]>(
    'SELECT count(*)::int AS left FROM changes WHERE directory_id = coalesce($1, directory_id)',
    [directory?.directoryId ?? null],
  );
  return row?.left ?? 0;
}

describe('six directories whose groups of 300 are emptied and filled, with 60 endpoints', () => {
  it('let a change of another environment through after one turn, and each other in rotation', async () => {
    const calm = await buildDirectory(database.ownerUrl);
    await createUser(app, calm, 'ann@acme.test');
    for (const directory of busy) drain(directory);
    await waitUntil(() => drained.length >= DIRECTORIES);
    const before = drained.length;
    drain(calm);
    await waitUntil(() => drained.length >= before + 2 * DIRECTORIES + 2);
    stopping.abort();

    const place = drained.findIndex(({ directory_id }) => directory_id === publicId('dir', calm.directoryId));
    // The turn under way when it asked, and one that had been given then.
    expect(place).toBeLessThanOrEqual(before + 2);
    const others = drained
      .map(({ directory_id }) => directory_id)
      .filter((id) => id !== publicId('dir', calm.directoryId));
    for (let n = 0; n + DIRECTORIES <= 2 * DIRECTORIES; n += DIRECTORIES) {
      expect(new Set(others.slice(n, n + DIRECTORIES)).size).toBe(DIRECTORIES);
    }
    await Promise.all(running);
    expect(await changesLeft()).toBeGreaterThan(DIRECTORIES * WAVES);
  });

  it('give their turns to others while another worker, which may be stopped, is at them', async () => {
    const [held] = busy;
    const calm = await buildDirectory(database.ownerUrl);
    if (!held) throw new Error('there is one');
    await createUser(app, calm, 'ann@acme.test');
    const left = await changesLeft(held);
    await tenantTransaction(app, held, async (manager) => {
      await lockCounter(manager, held.directoryId);
      drain(held);
      await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, calm);
      expect(drained.map(({ directory_id }) => directory_id)).toEqual([publicId('dir', calm.directoryId)]);
    });
    drain(held);
    await waitUntil(() => drained.length > 1);
    stopping.abort();
    await Promise.all(running);
    expect(await changesLeft(held)).toBeLessThanOrEqual(left);
  });

  it('make no batch larger than the bound, whatever a single change makes', async () => {
    const [directory] = busy;
    if (!directory) throw new Error('there is one');
    drain(directory);
    await waitUntil(() => drained.length >= 10);
    stopping.abort();
    const { events } = limitBatch(ENDPOINTS);
    for (const batch of drained) {
      expect(batch.events).toBeLessThanOrEqual(events);
      expect(batch.deliveries).toBeLessThanOrEqual(events * ENDPOINTS);
    }
  });
});
