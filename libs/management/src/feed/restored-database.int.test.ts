import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { copyDatabase, createTestDatabase, startPostgres } from '@rollcall/testing';
import type { OwnPostgres, TestDatabase } from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  acceptServer,
  bootstrapDatabase,
  checkDatabase,
  createDataSource,
  describeMove,
  migrateDatabase,
  readBackup,
  restoreBackup,
  settleRestore,
  tenantTransaction,
  writeBackup,
} from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { advanceReplays } from '@rollcall/pipeline-store';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { buildDirectory, buildEndpoint, seedEvents } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { numbers, range, replayWork } from '../testing/replay-work';
import { readEventFeed } from './read-event-feed';
import type { FeedPage } from './read-event-feed';
import type { FeedStart } from './resolve-feed-start';

// A database whose server has given out many transaction ids is restored to a server that begins with low ones.

const keys = { secretKey: randomBytes(32) };
/** In the order in which they were stored: of the first directory, of the second, and of the first again. */
const STORED = [...range(1, 40), ...range(1, 20), ...range(41, 60)];

let source: TestDatabase;
let target: OwnPostgres;
let app: DataSource;
let directories: [BuiltDirectory, BuiltDirectory];
let endpoint: EndpointKey;
let before: FeedPage;
/** The first page over all directories, which ends at the tenth event of the first one. */
let firstPage: FeedPage;

beforeAll(async () => {
  source = await createTestDatabase({ migrate: migrateDatabase });
  await bootstrapDatabase({ ownerUrl: source.ownerUrl, keys });
  await spendTransactions(source.adminUrl, 20_000);
  const on = await createDataSource({ url: source.appUrl, poolSize: 2 }).initialize();
  const first = await buildDirectory(source.ownerUrl);
  directories = [first, await buildDirectory(source.ownerUrl, { environmentId: first.environmentId })];
  endpoint = await buildEndpoint(on, first);
  await seedEvents(on, directories[0], { from: 1, to: 40 });
  await seedEvents(on, directories[1], { from: 1, to: 20 });
  await seedEvents(on, directories[0], { from: 41, to: 60 });
  await replayWork(on).start(endpoint);
  await advanceReplays(on, endpoint);
  before = await readOn(on, { kind: 'oldest' });
  firstPage = await readOn(on, { kind: 'oldest' }, { size: 10 });
  await on.destroy();

  target = await startPostgres();
  await migrateDatabase({ ownerUrl: target.ownerUrl });
  await copyDatabase(source.adminUrl, target.adminUrl);
  app = await createDataSource({ url: target.appUrl, poolSize: 4 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await target.stop();
  await source.drop();
});

/** As a server does that has been in use for a while. */
async function spendTransactions(url: string, count: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`DO $$ BEGIN FOR i IN 1..${count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`);
  await client.end();
}

function readOn(
  dataSource: DataSource,
  start: FeedStart,
  { directoryId, size = 1_000 }: { directoryId?: string; size?: number } = {},
): Promise<FeedPage> {
  const options = { filter: { directoryId }, start, size, retentionSeconds: 86_400 };
  return readEventFeed(dataSource, directories[0].environmentId, options);
}

const read = (start: FeedStart) => readOn(app, start);

async function readEpochs(): Promise<number[]> {
  const { environmentId } = directories[0];
  const rows = await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query<{ epoch: string }[]>('SELECT epoch FROM directory_counters WHERE environment_id = $1', [
      environmentId,
    ]),
  );
  return rows.map(({ epoch }) => Number(epoch));
}

it('is not served before after-restore, and says what to run', async () => {
  await expect(checkDatabase(app, keys)).rejects.toMatchObject({
    code: 'database_restored',
    message: expect.stringContaining('run "npm run rollcall -- after-restore"') as string,
  });
  expect(await describeMove(app)).toContain('on another PostgreSQL server than it was');
});

it('raises the epoch of every directory, slice by slice, and tells each environment', async () => {
  const told: [number, number][] = [];
  const onProgress = (done: number, total: number) => void told.push([done, total]);
  const settled = await settleRestore({ ownerUrl: target.ownerUrl, batchSize: 1, onProgress });
  expect(settled).toMatchObject({ directories: 2, environments: 2 });
  expect(told).toEqual([
    [1, 2],
    [2, 2],
  ]);
  expect(settled.transactionOffset).toBeGreaterThan(10_000);
  const [epoch = 0, other = 0] = await readEpochs();
  expect([epoch > 1, other > 1]).toEqual([true, true]);
  const { environmentId } = directories[0];
  const entries = await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query<object[]>(
      `SELECT actor_type, changes FROM audit_log WHERE environment_id = $1 AND action = 'environment.restored'`,
      [environmentId],
    ),
  );
  expect(entries).toEqual([{ actor_type: 'operator', changes: { feed_epoch: { from: 1, to: settled.feedEpoch } } }]);
  await expect(checkDatabase(app, keys)).resolves.toBeUndefined();
  expect(await describeMove(app)).toBeNull();
});

it('stays closed to processes that know of no epochs, whatever is migrated afterwards', async () => {
  await migrateDatabase({ ownerUrl: target.ownerUrl });
  const [served] = await app.query<object[]>('SELECT oldest_served FROM database_version');
  expect(served).toEqual({ oldest_served: 7 });
});

it('shows every event in the order of before, and those that come then behind them', async () => {
  const whole = await read({ kind: 'oldest' });
  expect(numbers(whole.bodies.map((body) => ({ body })))).toEqual(STORED);
  expect(whole).toMatchObject({ bodies: before.bodies, hasMore: false, heldBy: null });
  await seedEvents(app, directories[1], { from: 21, to: 25 });
  const after = await read({ kind: 'position', position: whole.next });
  expect(numbers(after.bodies.map((body) => ({ body })))).toEqual(range(21, 25));
  expect((await read({ kind: 'oldest' })).bodies).toEqual([...before.bodies, ...after.bodies]);
});

it('refuses a position of before', async () => {
  await expect(read({ kind: 'position', position: before.next })).rejects.toMatchObject({
    kind: 'gone',
    code: 'events_ahead',
  });
});

it('goes on within a directory from a position over several, unless that is of before', async () => {
  const { directoryId } = directories[0];
  const { next } = await readOn(app, { kind: 'oldest' }, { size: 10 });
  const { bodies } = await readOn(app, { kind: 'position', position: next }, { directoryId });
  expect(numbers(bodies.map((body) => ({ body })))).toEqual(range(11, 60));
  const ofBefore = readOn(app, { kind: 'position', position: firstPage.next }, { directoryId });
  await expect(ofBefore).rejects.toMatchObject({ code: 'events_ahead' });
});

it('goes on with a replay of before where it was, with what was committed then, and counts all of it for a new one', async () => {
  const replays = replayWork(app);
  const sent = await replays.deliver(endpoint);
  expect(numbers(sent).toSorted((a, b) => a - b)).toEqual(STORED.toSorted((a, b) => a - b));
  expect(Number((await replays.start(endpoint, {}, true)).total)).toBe(STORED.length + 5);
});

it('does no harm when it is run once more', async () => {
  const [epoch = 0] = await readEpochs();
  const { bodies, next } = await read({ kind: 'oldest' });
  const first = await settleRestore({ ownerUrl: target.ownerUrl });
  const again = await settleRestore({ ownerUrl: target.ownerUrl });
  expect([again.transactionOffset, again.directories]).toEqual([first.transactionOffset, 2]);
  expect(again.feedEpoch).toBeGreaterThan(first.feedEpoch);
  expect(Math.min(...(await readEpochs()))).toBeGreaterThan(epoch);
  await seedEvents(app, directories[1], { from: 26, to: 30 });
  const whole = await read({ kind: 'oldest' });
  expect(whole.bodies.slice(0, bodies.length)).toEqual(bodies);
  expect(numbers(whole.bodies.slice(bodies.length).map((body) => ({ body })))).toEqual(range(26, 30));
  await expect(read({ kind: 'position', position: next })).rejects.toMatchObject({ code: 'events_ahead' });
});

it('is not served while its epochs are raised, nor after that was cut off', async () => {
  const onProgress = () => {
    throw new Error('killed');
  };
  await expect(settleRestore({ ownerUrl: target.ownerUrl, onProgress })).rejects.toThrow('killed');
  await expect(checkDatabase(app, keys)).rejects.toMatchObject({
    code: 'database_restored',
    message: expect.stringContaining('has not come to its end') as string,
  });
  await migrateDatabase({ ownerUrl: target.ownerUrl });
  await expect(checkDatabase(app, keys)).rejects.toMatchObject({ code: 'database_restored' });
  await settleRestore({ ownerUrl: target.ownerUrl });
  await expect(checkDatabase(app, keys)).resolves.toBeUndefined();
});

it('keeps its epochs when it is told that only the server is another, unless it was restored', async () => {
  const owner = await createDataSource({ url: target.ownerUrl, poolSize: 1, everyTenant: true }).initialize();
  const note = (name: string) => owner.query('UPDATE installation SET system_identifier = $1', [name]);
  const { next } = await read({ kind: 'oldest' });
  const epochs = await readEpochs();
  // As pg_upgrade leaves it.
  await note('7000000000000000000');
  expect(await describeMove(app)).toContain('after-restore --keep-epochs');
  await acceptServer(target.ownerUrl);
  expect(await describeMove(app)).toBeNull();
  expect(await readEpochs()).toEqual(epochs);
  expect((await read({ kind: 'position', position: next })).bodies).toEqual([]);
  await note('being restored');
  await expect(acceptServer(target.ownerUrl)).rejects.toMatchObject({ code: 'database_restored' });
  await settleRestore({ ownerUrl: target.ownerUrl });
  await owner.destroy();
});

it('may be restored to yet another server', async () => {
  const whole = await read({ kind: 'oldest' });
  await copyDatabase(target.adminUrl, source.adminUrl);
  const back = await createDataSource({ url: source.appUrl, poolSize: 2 }).initialize();
  await settleRestore({ ownerUrl: source.ownerUrl });
  await seedEvents(back, directories[1], { from: 31, to: 32 });
  expect((await readOn(back, { kind: 'oldest' })).bodies).toEqual([...whole.bodies, '{"n":31}', '{"n":32}']);
  await back.destroy();
});

it('shows what is stored after a second restore, by its own backup and to a server that is ahead already', async () => {
  const output = new PassThrough();
  const [bytes] = await Promise.all([buffer(output), writeBackup({ ownerUrl: source.ownerUrl, output })]);
  const into = await createTestDatabase();
  const backup = await readBackup(() => Readable.from([bytes]));
  await restoreBackup({ ownerUrl: into.ownerUrl, appUrl: into.appUrl, backup });
  const { transactionOffset } = await settleRestore({ ownerUrl: into.ownerUrl });
  expect(transactionOffset).toBeGreaterThan(10_000);
  const there = await createDataSource({ url: into.appUrl, poolSize: 2 }).initialize();
  expect(await there.query<object[]>('SELECT oldest_served FROM database_version')).toEqual([{ oldest_served: 7 }]);
  const { next } = await readOn(there, { kind: 'oldest' });
  await seedEvents(there, directories[1], { from: 33, to: 34 });
  // The feed waits for whatever transaction of the server it cannot place.
  await expect
    .poll(async () => (await readOn(there, { kind: 'position', position: next })).bodies)
    .toEqual(['{"n":33}', '{"n":34}']);
  await there.destroy();
  await into.drop();
});
