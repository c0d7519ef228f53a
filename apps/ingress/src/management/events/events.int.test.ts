import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { createDataSource, migrateDatabase, raiseEpochs } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';

let test: TestApi;
let admin: DataSource;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  admin = await createDataSource({ url: test.database.adminUrl, poolSize: 8 }).initialize();
});

afterAll(async () => {
  await admin.destroy();
  await test.stop();
});

interface Feed {
  events: { id: string; type: string; sequence: number; directory_id: string; data: Record<string, unknown> }[];
  next_after: string;
  has_more: boolean;
}

const readFeed = (query: string) => test.api.call<Feed & ErrorBody>('GET', `/events?${query}`);
const feed = async (query = '') => (await readFeed(query)).body;

/** Follows next_after until there is no more; the events and the last position. */
async function follow(query: string, after = ''): Promise<{ events: Feed['events']; after: string }> {
  const events: Feed['events'] = [];
  for (;;) {
    const page = await feed(`${query}&after=${after}`);
    events.push(...page.events);
    after = page.next_after;
    if (!page.has_more) return { events, after };
  }
}

/** Follows until at least `count` events came: a transaction of the suite's own may hold the feed's horizon back for a moment. */
async function followUntil(
  count: number,
  query: string,
  after = '',
): Promise<{ events: Feed['events']; after: string }> {
  const events: Feed['events'] = [];
  await waitUntil(async () => {
    const more = await follow(query, after);
    events.push(...more.events);
    after = more.after;
    return events.length >= count;
  });
  return { events, after };
}

interface Query {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Writes an event as a drain does, in the given transaction. */
async function writeEvent(client: Query, directory: DirectoryItem, sequence: number): Promise<string> {
  const id = newId();
  const body = JSON.stringify({ id: `evt_${id}`, sequence, directory_id: directory.id });
  await client.query(
    `INSERT INTO events (directory_id, id, sequence, environment_id, organization_id, type, resource_id, occurred_at, body)
     VALUES ($1, $2, $3, $4, $5, 'organization.directory.user_created', 'u', now(), $6)`,
    [
      directory.id.slice(4),
      id,
      sequence,
      test.ingress.credentials.environment_id.slice(4),
      directory.organization_id.slice(4),
      body,
    ],
  );
  await client.query('UPDATE directory_counters SET last_sequence = $2 WHERE directory_id = $1', [
    directory.id.slice(4),
    sequence,
  ]);
  return `evt_${id}`;
}

/** The superuser on a database that no suite works on. */
function postgresUrl(): string {
  return Object.assign(new URL(test.database.adminUrl), { pathname: '/postgres' }).href;
}

async function openTransaction() {
  const runner = admin.createQueryRunner();
  await runner.startTransaction();
  return {
    query: (text: string, values: unknown[]) => runner.query(text, values),
    commit: async () => {
      await runner.commitTransaction();
      await runner.release();
    },
  };
}

describe('a feed over several directories', () => {
  it('misses nothing while two transactions commit out of order', async () => {
    const [a, b] = [await test.newDirectory(), await test.newDirectory()];
    const { after: start } = await follow('page_size=100');
    const first = await openTransaction();
    const early = await writeEvent(first, a, 1);
    const second = await openTransaction();
    const late = await writeEvent(second, b, 1);
    await second.commit();
    // The second is committed and visible, but the first may still come before it.
    const waiting = await follow('page_size=100', start);
    expect(waiting.events).toEqual([]);
    await first.commit();
    const { events } = await followUntil(2, 'page_size=100', waiting.after);
    expect(events.map(({ id }) => id)).toEqual([early, late]);
  });

  it('does not wait for a transaction that is open in another database of the server', async () => {
    const directory = await test.newDirectory();
    const { after: start } = await follow('page_size=100');
    const elsewhere = await createDataSource({ url: postgresUrl(), poolSize: 1 }).initialize();
    const runner = elsewhere.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT pg_current_xact_id()');
    const transaction = await openTransaction();
    const id = await writeEvent(transaction, directory, 1);
    await transaction.commit();
    const { events } = await followUntil(1, 'page_size=100', start);
    expect(events.map((event) => event.id)).toEqual([id]);
    await runner.rollbackTransaction();
    await runner.release();
    await elsewhere.destroy();
  });

  it('gives every event once to a reader that follows while many write', async () => {
    const directories = [];
    for (let i = 0; i < 4; i++) directories.push(await test.newDirectory());
    const { after: start } = await follow('page_size=1000');
    const written: string[] = [];
    const writers = Promise.all(
      directories.map(async (directory) => {
        for (let sequence = 1; sequence <= 25; sequence++) {
          const transaction = await openTransaction();
          const id = await writeEvent(transaction, directory, sequence);
          await sleep(Math.random() * 8);
          await transaction.commit();
          written.push(id);
        }
      }),
    );
    const { events: seen } = await followUntil(100, 'page_size=7', start);
    await writers;
    expect(seen.map(({ id }) => id).toSorted()).toEqual(written.toSorted());
    for (const { id } of directories) {
      const sequences = seen.filter((event) => event.directory_id === id).map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    }
  });
});

describe('GET /events', () => {
  let directory: DirectoryItem;

  beforeEach(async () => {
    directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    for (const userName of ['ada', 'grace', 'linus']) await scim.call('POST', '/Users', { userName });
    await drain(test.database.appUrl, directory.id);
  });

  it('answers the stored texts, byte for byte', async () => {
    const answer = await fetch(`${test.ingress.baseUrl}/api/v1/events?directory_id=${directory.id}`, {
      headers: { authorization: `Bearer ${test.api.accessToken}` },
    });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const rows: { body: string }[] = await admin.query(
      'SELECT body FROM events WHERE directory_id = $1 ORDER BY sequence',
      [directory.id.slice(4)],
    );
    expect(rows).toHaveLength(4);
    const text = await answer.text();
    expect(text).toContain(`{"events":[${rows.map(({ body }) => body).join(',')}],"next_after":"`);
    expect(text.endsWith('","has_more":false}')).toBe(true);
  });

  it('pages through a directory by next_after, which is always there', async () => {
    const query = `directory_id=${directory.id}`;
    const first = await feed(`${query}&page_size=3`);
    expect(first.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(first.has_more).toBe(true);
    const second = await feed(`${query}&page_size=3&after=${first.next_after}`);
    expect([second.events.map(({ sequence }) => sequence), second.has_more]).toEqual([[4], false]);
    const third = await feed(`${query}&after=${second.next_after}`);
    expect([third.events, third.has_more]).toEqual([[], false]);
    expect(third.next_after).not.toBe('');
    await test.api.call('PATCH', `${pathOf(directory)}:disable`);
    await drain(test.database.appUrl, directory.id);
    const fourth = await feed(`${query}&after=${third.next_after}`);
    expect(fourth.events).toMatchObject([{ sequence: 5, type: 'organization.directory_disabled' }]);
  });

  it('goes on after an event id or a sequence', async () => {
    const query = `directory_id=${directory.id}`;
    const all = (await feed(query)).events;
    expect((await feed(`${query}&after=${all[1]?.id}`)).events).toEqual(all.slice(2));
    expect((await feed(`${query}&after_sequence=0`)).events).toEqual(all);
    expect((await feed(`${query}&after_sequence=3`)).events).toEqual(all.slice(3));
    const beyond = await feed(`${query}&after_sequence=4`);
    expect(beyond.events).toEqual([]);
    expect((await feed(`${query}&after=${beyond.next_after}`)).events).toEqual([]);
    // Without the directory, the feed of the environment goes on after that event.
    const { events } = await followUntil(2, 'page_size=1000', all[1]?.id);
    expect(events.filter((event) => event.directory_id === directory.id)).toEqual(all.slice(2));
  });

  it('filters by type and organization', async () => {
    const created = `types=organization.directory.user_created,organization.directory_deleted`;
    const byType = await feed(`directory_id=${directory.id}&${created}`);
    expect(byType.events).toHaveLength(3);
    const organization = `organization_id=${directory.organization_id}`;
    expect((await followUntil(4, organization)).events).toHaveLength(4);
    expect((await follow(`${organization}&${created}`)).events).toHaveLength(3);
  });

  it('keeps the events of a deleted directory and organization readable', async () => {
    await test.api.call('DELETE', `/organizations/${directory.organization_id}`);
    await drain(test.database.appUrl, directory.id);
    const { events } = await feed(`directory_id=${directory.id}&organization_id=${directory.organization_id}`);
    expect(events.map(({ type }) => type).at(-1)).toBe('organization.directory_deleted');
    expect(events).toHaveLength(5);
  });

  it.each([
    ['after=nonsense', '"after" must be'],
    ['after_sequence=1', 'add "directory_id"'],
    ['page_size=0', '"page_size" must be a whole number from 1 to 1000'],
    ['page_size=1001', '"page_size" must be a whole number from 1 to 1000'],
    ['types=user_created', '"types" must be a list of these: organization.directory_created,'],
    ['directory_id=x', '"directory_id" must be an id that begins with dir_'],
    ['after_sequence=-1&directory_id=dir_01kag3v2q9x8w7n6m5k4j3h2g1', '"after_sequence" must be a whole number'],
    ['limit=5', '"limit" is not a known field'],
  ])('refuses %s with 400', async (query, message) => {
    const { status, body } = await readFeed(query);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });

  it('refuses after and after_sequence together', async () => {
    const { next_after } = await feed(`directory_id=${directory.id}&page_size=1`);
    const { status } = await readFeed(`directory_id=${directory.id}&after=${next_after}&after_sequence=1`);
    expect(status).toBe(400);
  });

  it('shows another environment nothing: its filters are 404, its positions 400 or 404', async () => {
    const { events, next_after } = await feed(`directory_id=${directory.id}`);
    const other = (query: string) => test.foreign.call<Feed>('GET', `/events?${query}`);
    expect((await other('')).body.events).toEqual([]);
    expect((await other(`directory_id=${directory.id}`)).status).toBe(404);
    expect((await other(`organization_id=${directory.organization_id}`)).status).toBe(404);
    expect((await other(`after=${next_after}`)).status).toBe(400);
    expect((await other(`after=${events[0]?.id}`)).status).toBe(404);
    expect((await readFeed('after=evt_01kag3v2q9x8w7n6m5k4j3h2g1')).status).not.toBe(200);
  });

  it('answers 410 events_expired with oldest_sequence for a position that retention has dropped', async () => {
    const query = `directory_id=${directory.id}`;
    const first = await feed(`${query}&page_size=1`);
    const third = await feed(`${query}&page_size=3`);
    const organization = `organization_id=${directory.organization_id}`;
    await followUntil(4, organization);
    const inFeed = await feed(`${organization}&page_size=1`);
    await admin.query('DELETE FROM events WHERE directory_id = $1 AND sequence <= 2', [directory.id.slice(4)]);
    for (const position of [`after_sequence=0`, `after_sequence=1`, `after=${first.next_after}`]) {
      const { status, body } = await readFeed(`${query}&${position}`);
      expect([position, status, body.error.code]).toEqual([position, 410, 'events_expired']);
      expect(body.error.details).toEqual({ oldest_sequence: 3 });
    }
    expect((await readFeed(`organization_id=${directory.organization_id}&after=${inFeed.next_after}`)).status).toBe(
      410,
    );
    // Nothing between these positions and what is kept was dropped.
    expect((await feed(`${query}&after_sequence=2`)).events.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect((await feed(`${query}&after=${third.next_after}`)).events.map(({ sequence }) => sequence)).toEqual([4]);
    expect((await feed(query)).events.map(({ sequence }) => sequence)).toEqual([3, 4]);
    await admin.query('DELETE FROM events WHERE directory_id = $1', [directory.id.slice(4)]);
    const gone = await readFeed(`${query}&after_sequence=3`);
    expect([gone.status, gone.body.error.details]).toEqual([410, { oldest_sequence: 5 }]);
    const empty = await feed(query);
    expect(empty.events).toEqual([]);
    expect((await readFeed(`${query}&after=${empty.next_after}`)).status).toBe(200);
  });

  it('answers 410 events_ahead with last_sequence and epoch for a sequence that the directory has not come to', async () => {
    const query = `directory_id=${directory.id}`;
    expect(await feed(`${query}&after_sequence=4`)).toMatchObject({ events: [], has_more: false });
    const { status, body } = await readFeed(`${query}&after_sequence=5`);
    expect([status, body.error.code]).toEqual([410, 'events_ahead']);
    expect(body.error.details).toEqual({ last_sequence: 4, epoch: 1 });
    expect(body.error.message).toContain('Take a snapshot of each directory that you keep');
    expect((await readFeed(`${query}&after_sequence=4&epoch=1`)).status).toBe(200);
    expect((await readFeed(`${query}&after_sequence=4&epoch=2`)).body.error.details).toEqual({
      last_sequence: 4,
      epoch: 1,
    });
    expect((await readFeed(`${query}&epoch=1`)).status).toBe(400);
  });

  it('splits a page whose events are large, and says that there is more', async () => {
    const big = await test.newDirectory();
    const text = 'x'.repeat(250_000);
    for (let sequence = 1; sequence <= 60; sequence++) {
      await admin.query(
        `INSERT INTO events (directory_id, id, sequence, environment_id, organization_id, type, resource_id, occurred_at, body)
         VALUES ($1, $2, $3, $4, $5, 'organization.directory.user_created', 'u', now(), $6)`,
        [
          big.id.slice(4),
          newId(),
          sequence,
          test.ingress.credentials.environment_id.slice(4),
          big.organization_id.slice(4),
          JSON.stringify({ sequence, text }),
        ],
      );
    }
    const { events } = await follow(`directory_id=${big.id}&page_size=1000`);
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });
});

describe('a position of before a restore', () => {
  const codeOf = async (query: string) => {
    const { status, body } = await readFeed(query);
    return [status, body.error?.code, body.error?.details];
  };

  it('is refused with 410 events_ahead in its directory, and everything that names the epoch shows the new one', async () => {
    const directory = await test.newDirectory();
    await drain(test.database.appUrl, directory.id);
    const query = `directory_id=${directory.id}`;
    const before = await feed(query);
    expect(before.events).toMatchObject([{ sequence: 1, epoch: 1 }]);
    await admin.transaction((manager) => raiseEpochs(manager, [directory.id.slice(4)]));
    const path = pathOf(directory);
    const { epoch } = (await test.api.call<{ directory: DirectoryItem }>('GET', path)).body.directory;
    expect(epoch).toBeGreaterThan(1);
    const ahead = [410, 'events_ahead', { last_sequence: 1, epoch }];
    expect(await codeOf(`${query}&after=${before.next_after}`)).toEqual(ahead);
    expect(await codeOf(`${query}&after_sequence=1&epoch=1`)).toEqual(ahead);
    await test.api.call('PATCH', `${path}:disable`);
    await drain(test.database.appUrl, directory.id);
    const { events, next_after } = await feed(`${query}&after_sequence=1&epoch=${epoch}`);
    expect(events).toMatchObject([{ sequence: 2, epoch }]);
    expect(await feed(`${query}&after=${next_after}`)).toMatchObject({ events: [], has_more: false });
    // What is kept of before the restore is what the server has published, and stays readable.
    expect((await feed(query)).events).toMatchObject([
      { sequence: 1, epoch: 1 },
      { sequence: 2, epoch },
    ]);
  });

  it('is refused over several directories when the feed has another epoch, and an event that is gone with it', async () => {
    const directory = await test.newDirectory();
    await drain(test.database.appUrl, directory.id);
    const { after } = await followUntil(1, `organization_id=${directory.organization_id}`);
    const [kept, gone] = [(await feed(`directory_id=${directory.id}`)).events[0]?.id, `evt_${newId()}`];
    expect(await codeOf(`after=${gone}`)).toEqual([404, 'event_not_found', undefined]);
    await admin.query("UPDATE installation SET feed_epoch = 7, restored_time = now() + interval '1 minute'");
    const ahead = [410, 'events_ahead', { last_sequence: null, epoch: 7 }];
    expect(await codeOf(`after=${after}`)).toEqual(ahead);
    expect(await codeOf(`after=${gone}`)).toEqual(ahead);
    expect(await codeOf(`directory_id=${directory.id}&after=${gone}`)).toMatchObject([
      410,
      'events_ahead',
      { epoch: 1 },
    ]);
    // Behind an event that the server still has comes what it has behind it.
    expect((await readFeed(`after=${kept}`)).status).toBe(200);
    const { after: fresh } = await follow('');
    expect((await readFeed(`after=${fresh}`)).status).toBe(200);
    await admin.query('UPDATE installation SET feed_epoch = 1, restored_time = NULL');
  });
});
