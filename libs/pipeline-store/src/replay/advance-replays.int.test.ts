import { newId } from '@rollcall/platform';
import { describe, expect, it } from 'vitest';
import { createDataSource } from '@rollcall/database';
import { asOperator, pauseReplay, resumeReplay } from '@rollcall/management';
import type { FinishedDelivery } from '../deliver/record-attempts';
import { finish, numbers, range } from '../../../management/src/testing/replay-work';
import { buildDirectory, buildEndpoint, seedEvents } from '@rollcall/test-builders';
import { useReplays } from '../../../management/src/testing/use-replays';
import type { ReplaySetting } from '../../../management/src/testing/use-replays';
import { advanceReplays, REPLAY_PENDING_MAX } from './advance-replays';
import { findEndpointsToReplay } from './find-endpoints-to-replay';

let database: ReplaySetting['database'];
let app: ReplaySetting['app'];
let replays: ReplaySetting['replays'];
let directory: ReplaySetting['directory'];
let events: ReplaySetting['events'];

const { query, statesOf } = useReplays((setting) => {
  ({ database, app, replays, directory, events } = setting);
});

describe('a replay', () => {
  it('sends the range, bounds included, in order and with its stored bytes, as new deliveries of the same events', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const { id, total } = await replays.start(key, {
      directoryId: directory.directoryId,
      fromSequence: '5',
      toSequence: '30',
    });
    const sent = await replays.deliver(key);
    expect(sent.map(({ eventId, body }) => ({ eventId, body }))).toEqual(
      events.slice(4, 30).map((event) => ({ eventId: event.id, body: event.body })),
    );
    expect(sent.every((delivery) => delivery.replayId === id && delivery.attempt === 1)).toBe(true);
    expect(Number(total)).toBe(26);
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished', total: 26, done: 26, failed: 0 });
  });

  it('sends what occurred between two times, both included, of every directory and of no other environment', async () => {
    const sibling = await buildDirectory(database.ownerUrl, { environmentId: directory.environmentId });
    await seedEvents(app, sibling, { from: 1, to: 20 });
    await seedEvents(app, await buildDirectory(database.ownerUrl), { from: 1, to: 20 });
    const key = await buildEndpoint(app, directory);
    const { id } = await replays.start(key, {
      fromTime: new Date('2026-11-20T10:00:03Z'),
      toTime: new Date('2026-11-20T10:00:06Z'),
    });
    const sent = await replays.deliver(key);
    for (const { directoryId } of [directory, sibling]) {
      expect(numbers(sent.filter((delivery) => delivery.directoryId === directoryId))).toEqual([3, 4, 5, 6]);
    }
    expect(await replays.show(key, id)).toMatchObject({ total: 8, done: 8 });
  });

  it('sends only what the endpoint gets, and of that only the types asked for', async () => {
    const elsewhere = await buildDirectory(database.ownerUrl, { environmentId: directory.environmentId });
    await seedEvents(app, elsewhere, { from: 1, to: 20 });
    const updated = 'organization.directory.user_updated';
    const created = 'organization.directory.user_created';
    const ours = { eventTypes: [updated], organizationIds: [directory.organizationId] };
    const narrow = await buildEndpoint(app, directory, ours);
    await replays.start(narrow);
    expect(numbers(await replays.deliver(narrow))).toEqual(range(1, 10).map((n) => n * 4));
    await replays.start(narrow, { types: [created] });
    expect(await replays.deliver(narrow)).toEqual([]);
    const wide = await buildEndpoint(app, directory);
    await replays.start(wide, { types: [updated], directoryId: directory.directoryId, toSequence: '9' });
    expect(numbers(await replays.deliver(wide))).toEqual([4, 8]);
  });

  it('keeps few deliveries pending and sends each event once, however many workers move it on at a time', async () => {
    const many = await seedEvents(app, directory, { from: 41, to: 900 });
    const key = await buildEndpoint(app, directory, { ordering: 'none' });
    const { id } = await replays.start(key);
    let most = 0;
    const sent: string[] = [];
    for (let finished: FinishedDelivery[] = []; ;) {
      const steps = await Promise.all([1, 2, 3].map(() => advanceReplays(app, key)));
      const [row] = await query<{ count: string }>(
        `SELECT count(*) FROM deliveries WHERE replay_id = $1 AND state = 'pending'`,
        id,
      );
      most = Math.max(most, Number(row?.count));
      const { claimed } = await replays.exchange(key, finished);
      if (claimed.length === 0 && finished.length === 0 && !steps.some(({ moved }) => moved)) break;
      sent.push(...claimed.map(({ eventId }) => eventId));
      finished = claimed.map((delivery) => finish(delivery, { state: 'succeeded' }));
    }
    expect(most).toBeLessThanOrEqual(REPLAY_PENDING_MAX);
    expect(sent.toSorted()).toEqual([...events, ...many].map((event) => event.id).toSorted());
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished', total: 900, done: 900 });
  });

  it('leaves no half of a slice behind: what was not committed is made again, nothing is made twice', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const { id } = await replays.start(key);
    // The place of the scan cannot be written, as when the process ends between the two writes.
    const admin = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
    await admin.query(`ALTER TABLE replays ADD CONSTRAINT stuck CHECK (enqueued = 0 OR id <> '${id}')`);
    await expect(advanceReplays(app, key)).rejects.toThrow(/stuck/);
    expect(await statesOf(id)).toEqual([]);
    await admin.query('ALTER TABLE replays DROP CONSTRAINT stuck');
    await admin.destroy();
    expect(numbers(await replays.deliver(key))).toEqual(range(1, 40));
  });

  it('sends what was committed when it was made, also behind an older transaction, and nothing later', async () => {
    const key = await buildEndpoint(app, directory);
    const runner = app.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`SELECT set_config('rollcall.environment_id', $1, true)`, [directory.environmentId]);
    await runner.query(
      `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
       VALUES ($1, $2, $3, $4, 1, 'organization.directory_created', $1, now(), '{"n":0}')`,
      [newId(), directory.environmentId, directory.organizationId, newId()],
    );
    const committed = await seedEvents(app, directory, { from: 41, to: 45 });
    const { id } = await replays.start(key);
    await seedEvents(app, directory, { from: 46, to: 50 });
    await runner.commitTransaction();
    await runner.release();
    const sent = await replays.deliver(key);
    expect(sent.map(({ eventId }) => eventId)).toEqual([...events, ...committed].map((event) => event.id));
    expect(await replays.show(key, id)).toMatchObject({ total: 45, done: 45 });
  });

  it('counts what failed for good, and finishes all the same', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'none' });
    const { id } = await replays.start(key, { directoryId: directory.directoryId, toSequence: '4' });
    await replays.deliver(key, ({ body }) => ({ state: body === '{"n":2}' ? 'failed' : 'succeeded' }));
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished', total: 4, done: 4, failed: 1 });
  });

  it('of nothing finishes at once', async () => {
    const key = await buildEndpoint(app, directory);
    const { id } = await replays.start(key, { fromTime: new Date('2030-01-01T00:00:00Z') });
    expect(await replays.deliver(key)).toEqual([]);
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished', total: 0, done: 0 });
  });

  it('is announced by replay.finished to the endpoints that name it', async () => {
    const key = await buildEndpoint(app, directory);
    const operations = await buildEndpoint(app, directory, { eventTypes: ['replay.finished'] });
    const { id } = await replays.start(key, { directoryId: directory.directoryId, toSequence: '3' });
    await replays.deliver(key);
    const [notified] = await replays.deliver(operations);
    const { data, ...envelope } = JSON.parse(notified?.body ?? '{}') as { data: unknown };
    expect(envelope).toMatchObject({ type: 'replay.finished', object: 'WebhookReplay', sequence: null });
    expect(data).toEqual(await replays.show(key, id));
    expect(data).toMatchObject({ id: `rpl_${id}`, state: 'finished', total: 3, done: 3 });
  });

  it('is found without any hint while it has something to do, and not otherwise', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'none' });
    const isFound = async () =>
      (await findEndpointsToReplay(app, 1_000)).some(({ endpointId }) => endpointId === key.endpointId);
    const { id } = await replays.start(key);
    expect(await isFound()).toBe(true);
    await advanceReplays(app, key);
    expect(await isFound()).toBe(false);
    await query(`UPDATE deliveries SET state = 'succeeded' WHERE replay_id = $1`, id);
    expect(await isFound()).toBe(true);
    await pauseReplay(asOperator(app), { ...key, replayId: id });
    expect(await isFound()).toBe(false);
    await resumeReplay(asOperator(app), { ...key, replayId: id });
    await query('UPDATE webhook_endpoints SET enabled = false WHERE id = $1', key.endpointId);
    expect(await isFound()).toBe(false);
    await query('UPDATE webhook_endpoints SET enabled = true WHERE id = $1', key.endpointId);
    await advanceReplays(app, key);
    expect(await isFound()).toBe(false);
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished' });
  });

  it('waits while its endpoint is disabled, and goes with it when it is deleted', async () => {
    const key = await buildEndpoint(app, directory);
    await replays.start(key);
    await query('UPDATE webhook_endpoints SET enabled = false WHERE id = $1', key.endpointId);
    expect(await replays.exchange(key)).toMatchObject({ endpoint: null, claimed: [], replaying: false });
    await query('UPDATE webhook_endpoints SET enabled = true WHERE id = $1', key.endpointId);
    await advanceReplays(app, key);
    await query('DELETE FROM webhook_endpoints WHERE id = $1', key.endpointId);
    expect(await replays.deliver(key)).toEqual([]);
    expect(await query('SELECT 1 FROM replays WHERE endpoint_id = $1', key.endpointId)).toEqual([]);
  });
});
