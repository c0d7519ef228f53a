import { describe, expect, it } from 'vitest';
import { createDataSource, tenantTransaction } from '@rollcall/database';
import { asOperator, cancelReplay } from '@rollcall/management';
import type { NewReplay } from '@rollcall/management';
import { numbers, range } from '../../../management/src/testing/replay-work';
import { buildDirectory, buildEndpoint, seedDeliveries, seedEvents } from '@rollcall/test-builders';
import { useReplays } from '../../../management/src/testing/use-replays';
import type { ReplaySetting } from '../../../management/src/testing/use-replays';
import { advanceReplays } from './advance-replays';
import { followIndexes, scanStatement } from './scan-replayed';

let database: ReplaySetting['database'];
let app: ReplaySetting['app'];
let replays: ReplaySetting['replays'];
let directory: ReplaySetting['directory'];
let events: ReplaySetting['events'];

const { query, statesOf } = useReplays((setting) => {
  ({ database, app, replays, directory, events } = setting);
});

describe('a replay of what failed', () => {
  it('sends failed deliveries once more, as themselves, and none that arrived or failed again', async () => {
    const key = await buildEndpoint(app, directory, { ordering: 'resource' });
    await seedDeliveries(app, directory, key, events.slice(0, 10));
    const first = await replays.deliver(key, ({ body }) => ({ state: /[357]/.test(body) ? 'failed' : 'succeeded' }));
    const { id } = await replays.start(key, { failedOnly: true });
    const again = await replays.deliver(key, ({ body }) => ({ state: body.includes('5') ? 'failed' : 'succeeded' }));
    const failed = first.filter(({ body }) => /[357]/.test(body));
    expect(again).toEqual(failed.map((delivery) => ({ ...delivery, attempt: 2, replayId: id })));
    expect(await replays.show(key, id)).toMatchObject({ state: 'finished', total: 3, done: 3, failed: 1 });
    expect((await replays.start(key, { failedOnly: true }, true)).total).toBe('1');
  });

  it('leaves what it did not send failed when it is canceled', async () => {
    const key = await buildEndpoint(app, directory);
    await seedDeliveries(app, directory, key, events.slice(0, 5));
    await replays.deliver(key, () => ({ state: 'failed' }));
    const { id } = await replays.start(key, {
      failedOnly: true,
      directoryId: directory.directoryId,
      fromSequence: '2',
    });
    await advanceReplays(app, key);
    expect(await statesOf(id)).toEqual(['pending', 'pending', 'pending', 'pending']);
    await cancelReplay(asOperator(app), { ...key, replayId: id });
    expect(await statesOf(id)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect((await replays.start(key, { failedOnly: true }, true)).total).toBe('5');
  });
});

describe('a range that retention has cut', () => {
  const drop = (below: number) =>
    query('DELETE FROM events WHERE directory_id = $1 AND sequence < $2', directory.directoryId, below);

  it('is shown with the first event that is kept, and what is left of it is sent', async () => {
    await drop(11);
    const key = await buildEndpoint(app, directory);
    const { directoryId } = directory;
    const cut = await replays.start(key, { directoryId, fromSequence: '5', toSequence: '15' });
    expect(await replays.show(key, cut.id)).toMatchObject({ total: 5, oldest_sequence: 11, events_expired: true });
    expect(numbers(await replays.deliver(key)).toSorted((a, b) => a - b)).toEqual([11, 12, 13, 14, 15]);
    const expiryOf = async (range: Partial<NewReplay>) => (await replays.start(key, range, true)).eventsExpired;
    expect(await expiryOf({ directoryId })).toBe(true);
    expect(await expiryOf({ directoryId, fromSequence: '11' })).toBe(false);
    expect(await expiryOf({ directoryId, fromTime: new Date('2026-11-20T10:00:10Z') })).toBe(true);
    expect(await expiryOf({ directoryId, fromTime: new Date('2026-11-20T10:00:11Z') })).toBe(false);
  });

  it('is not shown where nothing was dropped', async () => {
    const key = await buildEndpoint(app, directory);
    const { directoryId } = directory;
    for (const range of [{ directoryId }, { directoryId, fromSequence: '0' }, {}]) {
      expect((await replays.start(key, range, true)).eventsExpired).toBe(false);
    }
    const empty = await buildDirectory(database.ownerUrl, { environmentId: directory.environmentId });
    const replay = await replays.start(key, { directoryId: empty.directoryId }, true);
    expect(replay).toMatchObject({ oldestSequence: '1', eventsExpired: false, total: '0' });
  });
});

it('passes slices of which little or nothing is meant, and misses nothing at their ends', async () => {
  const long = await buildDirectory(database.ownerUrl);
  await seedEvents(app, long, { from: 1, to: 4_500 });
  const key = await buildEndpoint(app, long, { ordering: 'fifo' });
  const { directoryId } = long;
  const first = await replays.start(key, { directoryId, fromTime: new Date('2026-11-20T11:14:58Z') });
  expect(numbers(await replays.deliver(key))).toEqual([4_498, 4_499, 4_500]);
  expect(await replays.show(key, first.id)).toMatchObject({ state: 'finished', total: 3, done: 3 });
  const wide = await buildEndpoint(app, long, {
    ordering: 'none',
    eventTypes: ['organization.directory.user_updated'],
  });
  const second = await replays.start(wide, { directoryId, toSequence: '1000' });
  const sent = numbers(await replays.deliver(wide)).toSorted((a, b) => a - b);
  expect(sent).toEqual(range(1, 250).map((n) => n * 4));
  expect(await replays.show(wide, second.id)).toMatchObject({ state: 'finished', total: 250, done: 250 });
});

it('reads its slices along an index, wherever they begin', async () => {
  const big = await buildDirectory(database.ownerUrl);
  const log = await seedEvents(app, big, { from: 1, to: 20_000 });
  const key = await buildEndpoint(app, big);
  await seedDeliveries(app, big, key, log.slice(0, 10_000));
  await tenantTransaction(app, { environmentId: big.environmentId }, (manager) =>
    manager.query(
      `UPDATE deliveries SET state = CASE WHEN sequence % 3 = 0 THEN 'failed' ELSE 'succeeded' END, finish_time = now()
       WHERE endpoint_id = $1`,
      [key.endpointId],
    ),
  );
  const owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  await owner.query('ANALYZE events, deliveries');
  await owner.destroy();
  const filters = { eventTypes: ['organization.directory.user_updated'], organizationIds: [] };
  const explain = async (changes: Partial<NewReplay>, position: string[]) => {
    const replay = await replays.start(key, changes, true);
    const { sql, params } = scanStatement({ range: replay, filters, position, limit: 1_000, room: 10 });
    return tenantTransaction(app, { environmentId: big.environmentId }, async (manager) => {
      await followIndexes(manager);
      const plan = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN (ANALYZE, TIMING OFF) ${sql}`, params);
      // Partitions without a row are cheapest to read as a whole, and are not read.
      return plan
        .map((row) => row['QUERY PLAN'])
        .filter((line) => !line.includes('never executed'))
        .join('\n');
    });
  };
  const byDirectory = await explain({ directoryId: big.directoryId, fromTime: new Date('2026-11-20T12:00:00Z') }, [
    '15000',
  ]);
  expect(byDirectory).toMatch(/Index Scan using events_\w+_directory_id_sequence_idx/);
  const byEnvironment = await explain({}, ['0', big.directoryId, '15000']);
  expect(byEnvironment).toMatch(/Index Scan using events_\w+_environment_id_transaction_id_directory_id__idx/);
  const byFailed = await explain({ failedOnly: true }, [log[9_000]?.id ?? '']);
  for (const plan of [byDirectory, byEnvironment, byFailed]) {
    // The installation is one row.
    expect(plan).not.toMatch(/Seq Scan on (?!installation )|-> +(Incremental )?Sort|Bitmap/);
    // Ten rows are wanted and one of four is meant: what follows them is not read.
    expect(plan).not.toMatch(/actual rows=[1-9]\d\d/);
  }
});
