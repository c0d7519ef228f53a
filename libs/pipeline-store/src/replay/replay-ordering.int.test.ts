import { describe, expect, it } from 'vitest';
import type { Replay } from '@rollcall/database';
import { asOperator, cancelReplay, pauseReplay, resumeReplay } from '@rollcall/management';
import { finish, numbers, range } from '../../../management/src/testing/replay-work';
import { buildDirectory, buildEndpoint, seedDeliveries, seedEvents } from '@rollcall/test-builders';
import { useReplays } from '../../../management/src/testing/use-replays';
import type { ReplaySetting } from '../../../management/src/testing/use-replays';
import { advanceReplays } from './advance-replays';
import { renderReplay } from './render-replay';

let database: ReplaySetting['database'];
let app: ReplaySetting['app'];
let replays: ReplaySetting['replays'];
let directory: ReplaySetting['directory'];
let events: ReplaySetting['events'];

const { query, statesOf } = useReplays((setting) => {
  ({ database, app, replays, directory, events } = setting);
});

describe('beside live events', () => {
  it('on a fifo endpoint a replay goes first, and live events of its directory wait until it is over', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const other = await buildDirectory(database.ownerUrl, { environmentId: directory.environmentId });
    const { id } = await replays.start(key, { directoryId: directory.directoryId, toSequence: '3' });
    await seedDeliveries(app, directory, key, await seedEvents(app, directory, { from: 41, to: 42 }));
    await seedDeliveries(app, other, key, await seedEvents(app, other, { from: 1, to: 1 }));
    // Nothing of the replay is pending yet, and it holds up its own directory alone.
    expect((await replays.exchange(key)).claimed.map(({ directoryId }) => directoryId)).toEqual([other.directoryId]);
    const sent = await replays.deliver(key);
    expect(numbers(sent)).toEqual([1, 2, 3, 41, 42]);
    expect(sent.map(({ replayId }) => replayId)).toEqual([id, id, id, null, null]);
  });

  it('a replay of all directories holds up the live events of each of them on a fifo endpoint', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const { id } = await replays.start(key);
    await seedDeliveries(app, directory, key, await seedEvents(app, directory, { from: 41, to: 41 }));
    expect((await replays.exchange(key)).claimed).toEqual([]);
    expect((await replays.deliver(key)).map(({ replayId }) => replayId)).toEqual([...events.map(() => id), null]);
  });

  it('neither waits for the other when a live delivery of an event in the range is pending and failing', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    await seedDeliveries(app, directory, key, events.slice(1, 3));
    const [head] = (await replays.exchange(key)).claimed;
    if (!head) throw new Error('nothing was claimed');
    await replays.exchange(key, [finish(head, { state: 'pending', delayMs: 60_000 })]);
    await replays.start(key, { directoryId: directory.directoryId, toSequence: '5' });
    expect(numbers(await replays.deliver(key))).toEqual([1, 2, 3, 4, 5]);
    await query('UPDATE deliveries SET next_attempt_time = now() WHERE endpoint_id = $1', key.endpointId);
    expect(numbers(await replays.deliver(key))).toEqual([2, 3]);
  });

  it('live events go first where no order binds them', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'resource' });
    const { id } = await replays.start(key);
    await advanceReplays(app, key);
    await seedDeliveries(app, directory, key, await seedEvents(app, directory, { from: 41, to: 43 }));
    const { claimed } = await replays.exchange(key, [], 5);
    expect(claimed.filter(({ replayId }) => replayId === null)).toHaveLength(3);
    expect(claimed.filter(({ replayId }) => replayId === id)).toHaveLength(2);
  });

  it('two replays of one directory each keep their own order', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const range = { directoryId: directory.directoryId, toSequence: '10' };
    const [first, second] = [await replays.start(key, range), await replays.start(key, range)];
    const sent = await replays.deliver(key);
    for (const { id } of [first, second]) {
      expect(numbers(sent.filter(({ replayId }) => replayId === id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });
});

describe('the owner of a replay', () => {
  it('pauses it: nothing more is sent, live events of a fifo endpoint go; and resumes it where it stopped', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const { id } = await replays.start(key);
    await advanceReplays(app, key);
    const [head] = (await replays.exchange(key)).claimed;
    if (!head) throw new Error('nothing was claimed');
    const paused = await pauseReplay(asOperator(app), { ...key, replayId: id });
    expect(renderReplay(paused.result)).toMatchObject({ state: 'paused', done: 0 });
    await replays.exchange(key, [finish(head, { state: 'succeeded' })]);
    await seedDeliveries(app, directory, key, await seedEvents(app, directory, { from: 41, to: 42 }));
    expect(numbers(await replays.deliver(key))).toEqual([41, 42]);
    expect(await replays.show(key, id)).toMatchObject({ state: 'paused', total: 40, done: 1 });
    const resumed = await resumeReplay(asOperator(app), { ...key, replayId: id });
    expect(resumed.wake).toEqual({ endpoints: [key] });
    expect(numbers(await replays.deliver(key))).toEqual(range(2, 40));
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished', done: 40 });
  });

  it('cancels it: what is pending is canceled, what is on the way still counts, live events go on', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'fifo' });
    const operations = await buildEndpoint(app, directory, { eventTypes: ['replay.finished'] });
    const { id } = await replays.start(key);
    await advanceReplays(app, key);
    const [head] = (await replays.exchange(key)).claimed;
    if (!head) throw new Error('nothing was claimed');
    const { result, wake } = await cancelReplay(asOperator(app), { ...key, replayId: id });
    expect(renderReplay(result)).toMatchObject({ state: 'canceled', total: 40, done: 40, failed: 0 });
    expect(wake.endpoints?.map(({ endpointId }) => endpointId).toSorted()).toEqual(
      [key.endpointId, operations.endpointId].toSorted(),
    );
    await replays.exchange(key, [finish(head, { state: 'succeeded' })]);
    expect(await statesOf(id)).toEqual(['succeeded', ...range(2, 40).map(() => 'canceled')]);
    await seedDeliveries(app, directory, key, await seedEvents(app, directory, { from: 41, to: 41 }));
    expect(numbers(await replays.deliver(key))).toEqual([41]);
    expect(JSON.parse((await replays.deliver(operations))[0]?.body ?? '')).toMatchObject({
      data: { state: 'canceled' },
    });
  });

  it('changes nothing by asking twice, or when it is over', async () => {
    const key = await buildEndpoint(app, directory);
    const { id } = await replays.start(key, { directoryId: directory.directoryId, toSequence: '2' });
    const scope = { ...key, replayId: id };
    await pauseReplay(asOperator(app), scope);
    expect((await pauseReplay(asOperator(app), scope)).wake.endpoints).toEqual([]);
    await resumeReplay(asOperator(app), scope);
    expect((await resumeReplay(asOperator(app), scope)).wake.endpoints).toEqual([]);
    await replays.deliver(key);
    const finished = await replays.show(key, id);
    for (const action of [pauseReplay, resumeReplay, cancelReplay]) {
      const { result, wake } = await action(asOperator(app), scope);
      expect([renderReplay(result), wake]).toEqual([finished, { endpoints: [] }]);
    }
  });

  it('is not let to have more than ten unfinished ones to an endpoint', async () => {
    const key = await buildEndpoint(app, directory);
    const unfinished: Replay[] = [];
    for (let n = 0; n < 10; n++) unfinished.push(await replays.start(key));
    await expect(replays.start(key)).rejects.toMatchObject({ code: 'too_many_replays' });
    await cancelReplay(asOperator(app), { ...key, replayId: unfinished[0]?.id ?? '' });
    await expect(replays.start(key)).resolves.toMatchObject({ state: 'running' });
  });

  it('counts without making anything', async () => {
    const key = await buildEndpoint(app, directory);
    const { total } = await replays.start(key, { types: ['organization.directory.user_updated'] }, true);
    expect(total).toBe('10');
    expect(await query('SELECT 1 FROM replays WHERE endpoint_id = $1', key.endpointId)).toEqual([]);
    expect((await replays.exchange(key)).replaying).toBe(false);
  });
});
