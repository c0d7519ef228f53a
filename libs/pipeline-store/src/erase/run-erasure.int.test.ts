import { newId, publicId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, poolOf, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { readEntries, unpackBodies } from '@rollcall/directory';
import type { RecordedRequest, StoredBodies } from '@rollcall/directory';
import { asOperator, startPersonErasure } from '@rollcall/management';
import { recordRequests } from '@rollcall/scim-store';
import {
  buildDirectory,
  buildEndpoint,
  buildRequest,
  packRequests,
  seedDeliveries,
  seedEvents,
} from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { STATISTICS, setStatistics } from '../../../database/src/testing/set-statistics';
import { watchPlans } from '../../../database/src/testing/watch-plans';
import { runErasure } from './run-erasure';

const OTHERS = 20_000;

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
  const events = await seedEvents(app, directory, { from: 1, to: OTHERS });
  await seedDeliveries(app, directory, await buildEndpoint(app, directory), events);
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

function query<Row>(text: string, params: unknown[]): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query<Row[]>(text, params));
}

let last = OTHERS;

/** Events of a person, one transaction each, and in the first of them one of a group that names the person and another one. */
async function seedPerson(count: number): Promise<string> {
  const userId = newId();
  const user = publicId('diruser', userId);
  for (let n = 0; n < count; n++) {
    await tenantTransaction(app, directory, async (manager) => {
      const bodies = [
        { type: 'user_updated', resourceId: userId, data: { id: user, email: 'a@acme.test', active: true } },
      ];
      if (n === 0) bodies.push({ type: 'group_members_changed', resourceId: 'g', data: MOVED(user) as never });
      for (const { type, resourceId, data } of bodies) {
        last += 1;
        await manager.query(
          `INSERT INTO events (directory_id, environment_id, organization_id, resource_id, id, sequence, type, body, occurred_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
          [
            directory.directoryId,
            directory.environmentId,
            directory.organizationId,
            resourceId,
            newId(),
            last,
            `organization.directory.${type}`,
            JSON.stringify({ sequence: last, data }),
          ],
        );
      }
    });
  }
  return userId;
}

const MOVED = (user: string) => ({
  group: { display_name: 'Ä "Staff" \\ 1.0' },
  added: [
    { id: 'diruser_other', email: 'other@acme.test', dp_id: '1.50' },
    { id: user, email: 'a@acme.test', dp_id: 'x', external_ids: { workos: 'directory_user_1' } },
  ],
  removed: [],
});

async function start(userId: string) {
  const { result } = await startPersonErasure(asOperator(app), directory, { id: newId(), userId });
  return { environmentId: directory.environmentId, erasureId: result.id };
}

const bodiesOf = (resourceId: string) =>
  query<{ body: string }>('SELECT body FROM events WHERE directory_id = $1 AND resource_id = $2 ORDER BY sequence', [
    directory.directoryId,
    resourceId,
  ]);

it('takes one member out of an event of a group, and leaves the rest as it was rendered', async () => {
  const userId = await seedPerson(1);
  const before = await bodiesOf('g');
  await runErasure(app, await start(userId));
  const user = publicId('diruser', userId);
  const expected = (before.at(-1)?.body ?? '')
    .replace('"data":', '"erased":true,"data":')
    .replace(`{"id":"${user}","email":"a@acme.test","dp_id":"x",`, `{"id":"${user}","email":null,"dp_id":null,`);
  expect((await bodiesOf('g')).at(-1)?.body).toBe(expected);
});

it('takes a person out of deliveries that carry the event, which another database has', async () => {
  const userId = await seedPerson(1);
  const user = publicId('diruser', userId);
  const event = { type: 'user_created', sequence: 7, data: { id: user, email: 'a@acme.test', active: true } };
  await query(
    `INSERT INTO deliveries (directory_id, environment_id, id, endpoint_id, event_id, event_type, sequence, resource_id, state, next_attempt_time, body)
     SELECT $1, $2, d.id, $3, d.id, 'organization.directory.user_created', 7, d.resource_id, 'succeeded', now(), d.body
     FROM unnest($4::text[], $5::text[], $6::text[]) AS d (id, resource_id, body)`,
    [
      directory.directoryId,
      directory.environmentId,
      newId(),
      [newId(), newId()],
      [userId, 'other'],
      [JSON.stringify(event), JSON.stringify({ ...event, data: { id: 'diruser_other', email: 'o@acme.test' } })],
    ],
  );
  const key = await start(userId);
  await runErasure(app, key);
  expect(await runErasure(app, key)).toMatchObject({ state: 'finished' });
  const carried = await query<{ body: string }>(
    'SELECT body FROM deliveries WHERE directory_id = $1 AND body IS NOT NULL ORDER BY resource_id = $2 DESC',
    [directory.directoryId, userId],
  );
  expect(carried.map(({ body }) => JSON.parse(body) as object)).toEqual([
    { ...event, erased: true, data: { id: user, email: null, active: true } },
    expect.objectContaining({ data: { id: 'diruser_other', email: 'o@acme.test' } }),
  ]);
});

it('goes step by step, and two processes at once do no step twice', async () => {
  const userId = await seedPerson(250);
  const key = await start(userId);
  const step = async () => (await runErasure(app, key, AbortSignal.abort()))?.counts.events ?? 0;
  // Two look for the names that its events say, a hundred events at a time.
  expect([await step(), await step(), await step()]).toEqual([0, 0, 101]);
  await Promise.all([runErasure(app, key), runErasure(app, key)]);
  expect(await runErasure(app, key)).toMatchObject({ state: 'finished', counts: { events: 251 } });
  const data = { id: publicId('diruser', userId), email: null, active: true };
  expect((await bodiesOf(userId)).map(({ body }) => JSON.parse(body) as object)).toEqual(
    Array.from({ length: 250 }, () => expect.objectContaining({ erased: true, data }) as object),
  );
});

/** Requests about a user, each by another name, and as many that named it so and made nobody, in packs of a hundred. */
async function seedRequests(userId: string, count: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, n) =>
    [userId, null].map((resourceId) => ({
      directory_id: directory.directoryId,
      id: newId(),
      resource_id: resourceId,
      user_name_key: `${userId}-${n}`,
      method: 'POST',
      path: '/Users',
      status: 409,
      outcome: 'refused',
      duration_ms: 1,
      not_recorded: 0,
    })),
  ).flat();
  for (let n = 0; n < requests.length; n += 100) {
    await app.query('SELECT * FROM record_scim_requests($1)', [JSON.stringify(requests.slice(n, n + 100))]);
  }
}

const inLog = () =>
  query<{ id: string; count: number }>('SELECT id, count FROM scim_request_packs WHERE directory_id = $1', [
    directory.directoryId,
  ]);

it('takes the log of requests in slices, also of a person with another name in each of them, and leaves the others', async () => {
  const userId = await seedPerson(101);
  const otherId = newId();
  await seedRequests(otherId, 1);
  await seedRequests(userId, 1_200);
  const key = await start(userId);
  const first = await runErasure(app, key, AbortSignal.abort());
  expect(first).toMatchObject({ state: 'running', counts: { scim_requests: 400 } });
  await runErasure(app, key);
  const done = await runErasure(app, key);
  expect(done).toMatchObject({ state: 'finished', counts: { scim_requests: 2_400, events: 102 } });
  expect(await inLog()).toMatchObject([{ count: 2 }]);
  const keys = await query('SELECT 1 FROM scim_request_keys WHERE directory_id = $1', [directory.directoryId]);
  expect(keys).toHaveLength(2);
});

it('takes the bodies of the person’s requests out of a deflated pack, and leaves those of the others', async () => {
  const userId = await seedPerson(1);
  const otherId = newId();
  const requests = Array.from({ length: 100 }, (_, n) => requestOf(n % 2 === 0 ? userId : otherId, n));
  await recordRequests(poolOf(app), packRequests(requests));
  const key = await start(userId);
  await runErasure(app, key);
  const [pack] = await query<StoredBodies & { count: number; entries: string }>(
    `SELECT count, entries, bodies, deflated_bodies AS "deflatedBodies" FROM scim_request_packs
     WHERE directory_id = $1 AND id >= $2`,
    [directory.directoryId, requests[0]?.id],
  );
  const left = requests.filter(({ resource_id }) => resource_id === otherId);
  expect(pack?.count).toBe(left.length);
  expect(pack && readEntries(pack.entries).map(({ id }) => id)).toEqual(left.map(({ id }) => id));
  expect(pack && unpackBodies(pack)).toEqual(left.map(({ request_body }) => [JSON.parse(request_body ?? ''), null]));
});

/** A request about a resource, whose body is long enough for a few to be deflated together. */
function requestOf(resourceId: string, n: number): RecordedRequest {
  return buildRequest(directory.directoryId, {
    method: 'PUT',
    path: `/Users/${resourceId}`,
    outcome: 'changed',
    resource_id: resourceId,
    request_body: JSON.stringify({ userName: `${resourceId}-${n}`, displayName: 'x'.repeat(100) }),
  });
}

it.each(STATISTICS)(
  'reads the rows of the person alone, however many others there are, with statistics %s',
  async (name) => {
    const userId = await seedPerson(50);
    const key = await start(userId);
    await setStatistics(database, ['events', 'deliveries', 'delivery_attempts', 'unresolved_members'], name);
    const plans = await watchPlans(database, 'force_generic_plan');
    const work = await plans.watch(() => runErasure(plans.app, key));
    await plans.end();
    expect(work.scanned).toEqual([]);
    expect(work.rows).toBeLessThan(2_000);
  },
);

it('redacts nothing for a process that asks without an erasure', async () => {
  const userId = await seedPerson(1);
  const rows = await query('SELECT * FROM erase_person_events($1, $2, $3, 0, 10)', [
    directory.environmentId,
    directory.directoryId,
    userId,
  ]);
  expect(rows).toEqual([]);
  expect((await bodiesOf(userId))[0]?.body).toContain('a@acme.test');
});
