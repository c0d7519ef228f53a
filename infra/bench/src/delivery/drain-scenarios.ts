import { setTimeout as sleep } from 'node:timers/promises';
import { APP_ROLE, createPool } from '@rollcall/database';
import { drainAtTheLimit } from '../limit/drain-at-the-limit';
import type { LoadResult } from '../load/drive-load';
import { measureWork } from '../load/measure-load';
import type { Sample } from '../sample';
import type { Contender, Scenario } from '../scenario';
import { createRollcallDatabase } from '../systems/rollcall-database';
import type { RollcallDatabase } from '../systems/rollcall-database';
import { startProgram } from '../systems/start-program';
import { variablesFor, WORKER } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { createUsers, startDeliveringOnPostgres } from './delivering-system';
import type { DeliveringSystem } from './delivering-system';
import { longestFairShare } from './fair-share';
import { resultOf } from './result-of';

/** What a worker makes of changes that wait. */
export const drainScenarios: readonly Scenario[] = [
  {
    name: 'growth: turn changes into events and deliveries',
    note: 'The worker starts on changes that wait, with so many endpoints to make deliveries for; these are switched off.',
    prepare: async (world) => {
      const changes = world.quick ? 500 : 3_000;
      const systems: DeliveringSystem[] = [];
      const contenders: Contender[] = [];
      for (const endpoints of [1, 10, 100]) {
        const system = await startDeliveringOnPostgres(world, { worker: false });
        systems.push(system);
        await system.createEndpoints(endpoints, { enabled: false });
        contenders.push({
          name: `changes, ${endpoints} endpoint${endpoints === 1 ? '' : 's'}`,
          run: () => drain(system, changes),
        });
      }
      return { contenders, close: async () => void (await Promise.all(systems.map((system) => system.stop()))) };
    },
  },
  {
    name: 'drain 1,000,000 pending changes of 1,000 directories',
    note: 'New users of 900 directories with 200 each, 90 with 2,000 and 10 with 64,000, ten directories of each environment; no endpoints. A fair share is what a directory would wait for its last event if all that have changes left had equal shares of the rate. "limit" makes the text of the events in one statement for each directory, and publishes nothing.',
    once: true,
    prepare: drainMany,
  },
];

async function drain(system: DeliveringSystem, changes: number): Promise<Sample> {
  await createUsers(system.directory, changes);
  const { database, postmasterPid, workerEnv } = system.rollcall;
  const worker = await startProgram(WORKER, { env: workerEnv });
  const left = await countChanges(database);
  const { sample } = await measureWork({ serverPids: () => [worker.pid], postmasterPid }, async () => {
    const start = performance.now();
    await system.drained();
    return resultOf(Math.max(1, left), start);
  });
  await worker.stop();
  return sample;
}

async function countChanges({ admin }: RollcallDatabase): Promise<number> {
  const { rows } = await admin.query<{ count: string }>('SELECT count(*) FROM changes');
  return Number(rows[0]?.count);
}

/** So many directories with so many changes each. */
interface Share {
  directories: number;
  changes: number;
}

const SHARES: readonly Share[] = [
  { directories: 900, changes: 200 },
  { directories: 90, changes: 2_000 },
  { directories: 10, changes: 64_000 },
];
const QUICK_SHARES: readonly Share[] = [
  { directories: 45, changes: 20 },
  { directories: 4, changes: 200 },
  { directories: 1, changes: 2_000 },
];
const DIRECTORIES_OF_TENANT = 10;

async function drainMany(world: World): Promise<Awaited<ReturnType<Scenario['prepare']>>> {
  const shares = world.quick ? QUICK_SHARES : SHARES;
  const total = shares.reduce((sum, { directories, changes }) => sum + directories * changes, 0);
  const { postmasterPid } = world.database;
  const open = async (name: string) => {
    const database = await createRollcallDatabase(await world.database.create(name));
    return { database, directoryIds: await createDirectories(database, shares) };
  };
  const [ours, theirs] = [await open('rollcall draining'), await open('limit draining')];
  const pool = createPool({
    url: theirs.database.urls.appUrl,
    role: APP_ROLE,
    poolSize: LANES,
    statementMs: STATEMENT_MS,
    onError: () => undefined,
  });

  const runRollcall = async (): Promise<Sample> => {
    await seed(ours.database, ours.directoryIds, shares);
    const worker = await startProgram(WORKER, { env: variablesFor(ours.database) });
    const since = Date.now();
    const { sample } = await measureWork({ serverPids: () => [worker.pid], postmasterPid }, () =>
      drainedTo(ours.database, total),
    );
    await worker.stop();
    const fairShares = longestFairShare(await readTurns(ours.database, since));
    await clear(ours.database);
    return { ...sample, fairShares };
  };
  const runLimit = async (): Promise<Sample> => {
    await seed(theirs.database, theirs.directoryIds, shares);
    const { sample } = await measureWork({ serverPids: () => [], postmasterPid }, async () => {
      const start = performance.now();
      await drainAtTheLimit(pool, theirs.directoryIds, LANES);
      return resultOf(total, start);
    });
    if ((await countChanges(theirs.database)) > 0) throw new Error('the limit has left changes');
    await clear(theirs.database);
    return sample;
  };
  return {
    contenders: [
      { name: 'rollcall', run: runRollcall },
      { name: 'limit', run: runLimit },
    ],
    goals: [
      { of: 'rollcall', against: 'limit', metric: 'perSecond', atLeast: 0.5 },
      { of: 'rollcall', metric: 'fairShares', atMost: 2 },
    ],
    close: async () => {
      await pool.end();
      await Promise.all([ours, theirs].map(({ database }) => database.close()));
    },
  };
}

/** As many batches as a worker has under way at a time. */
const LANES = 4;
const STATEMENT_MS = 600_000;

/** Directories of all sizes in each environment, the largest first. */
async function createDirectories(database: RollcallDatabase, shares: readonly Share[]): Promise<string[]> {
  const count = shares.reduce((sum, { directories }) => sum + directories, 0);
  const ids: string[] = [];
  while (ids.length < count) {
    ids.push(...(await database.createDirectories(DIRECTORIES_OF_TENANT, await database.createTenant())));
  }
  // Far from each other, so that an environment has some of every size.
  return ids.map((_, index) => ids[(index * 7_919) % ids.length] ?? '');
}

async function seed(database: RollcallDatabase, ids: readonly string[], shares: readonly Share[]): Promise<void> {
  let first = 0;
  for (const { directories, changes } of shares) {
    await database.seedChanges(ids.slice(first, first + directories), changes);
    first += directories;
  }
  await database.settle();
}

const PATIENCE_MS = 60_000;

/** Resolves when so many events were made; rejects when none comes any more. */
async function drainedTo({ admin }: RollcallDatabase, total: number): Promise<LoadResult> {
  const start = performance.now();
  let [made, at] = [0, start];
  for (; ; await sleep(100)) {
    const { rows } = await admin.query<{ made: string }>('SELECT sum(last_sequence) AS made FROM directory_counters');
    const now = Number(rows[0]?.made);
    if (now >= total) return resultOf(total, start);
    if (now > made) [made, at] = [now, performance.now()];
    if (performance.now() > at + PATIENCE_MS) throw new Error(`${made} of ${total} changes became events, then none`);
  }
}

async function readTurns({ admin }: RollcallDatabase, since: number) {
  const { rows } = await admin.query<{ work: string; done: Date }>(
    'SELECT count(*) AS work, ulid_time(max(id)) AS done FROM events GROUP BY directory_id',
  );
  return rows.map(({ work, done }) => ({ work: Number(work), doneAfter: (done.getTime() - since) / 1_000 }));
}

/** Every round finds the tables empty. */
async function clear({ admin }: RollcallDatabase): Promise<void> {
  await admin.query(
    'TRUNCATE changes, events, published_users, search_terms; UPDATE directory_counters SET last_sequence = 0, total_users = 0',
  );
}
