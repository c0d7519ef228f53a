import { setTimeout as sleep } from 'node:timers/promises';
import { startDeliveringOnPostgres } from '../delivery/delivering-system';
import type { DeliveringSystem } from '../delivery/delivering-system';
import type { LoadResult } from '../load/drive-load';
import { measureWork } from '../load/measure-load';
import { listProcessTree, readPeakMemoryMiB, readSharedMemoryMiB } from '../load/read-usage';
import type { Sample } from '../sample';
import type { Goal, Scenario } from '../scenario';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { divideSize } from './import-size';
import type { ImportSize } from './import-size';
import { importAs, importByBulk } from './send-import';
import type { Import } from './send-import';

const SIZE: ImportSize = { users: 100_000, groups: 1_000, members: 500 };
const QUICK_SIZE: ImportSize = { users: 500, groups: 10, members: 50 };
const ENDPOINTS = 5;
const MANY = 10;
/** Requests on the way at a time, of all directories together. */
const IN_FLIGHT = 20;
const BULK_IN_FLIGHT = 4;

/** A customer's first synchronization, from the first request to the last webhook. */
export const importScenarios: readonly Scenario[] = [
  importScenario('as Okta sends it', { send: importAs('okta') }),
  importScenario('as Entra ID sends it', { send: importAs('entra') }),
  importScenario('by Bulk', { send: importByBulk, inFlight: BULK_IN_FLIGHT }),
  importScenario(`of ${MANY} directories at once, as Okta sends it`, { send: importAs('okta'), directories: MANY }),
];

interface ImportOptions {
  send: Import;
  /** Each imports its share of the same. */
  directories?: number;
  inFlight?: number;
}

const ALONE = 'SCIM alone, worker off';
const DELIVERED = 'all, to the last delivery';
const ANSWERED = 'all, to the last answer';
/** Processes whose memory is told, and what one may have. */
const HIGHEST = ['ingress', 'worker', 'largest process of PostgreSQL'] as const;
const HIGHEST_MIB = 300;

const GOALS: Goal[] = [
  { of: DELIVERED, against: ALONE, metric: 'seconds', atMost: 1.5 },
  ...HIGHEST.map((name) => ({ of: `${name}, highest`, metric: 'memoryMiB' as const, atMost: HIGHEST_MIB })),
];

function importScenario(how: string, options: ImportOptions): Scenario {
  const { users, groups, members } = SIZE;
  return {
    name: `initial import ${how}: ${users.toLocaleString('en-US')} users, ${groups.toLocaleString('en-US')} groups of ${members}`,
    note: `Users, then groups with their members, into an empty database; ${ENDPOINTS} endpoints get every event. CPU is per request.`,
    once: true,
    prepare: async (world) => {
      let measured: Promise<Record<string, Sample>> | undefined;
      const samples = () => (measured ??= importToTheEnd(world, options));
      const names = [DELIVERED, ANSWERED, ...HIGHEST.map((name) => `${name}, highest`), 'PostgreSQL, highest'];
      return {
        contenders: [
          { name: ALONE, run: () => importAlone(world, options) },
          ...names.map((name) => ({ name, run: async () => (await samples())[name] ?? {} })),
        ],
        goals: GOALS,
      };
    },
  };
}

/** The writes, with nobody who makes events of them. */
async function importAlone(world: World, options: ImportOptions): Promise<Sample> {
  const name = `import alone ${(imports += 1)}`;
  const system = await startRollcall(world.database, { name });
  try {
    const { sample, result } = await measureWork(system, () => sendAll(world, system, options));
    return { ...sample, seconds: result.seconds };
  } finally {
    await system.stop();
    await world.database.drop(name);
  }
}

let imports = 0;

/** The writes while a worker makes events of them and delivers these; what of it is told, by its name. */
async function importToTheEnd(world: World, options: ImportOptions): Promise<Record<string, Sample>> {
  const system = await startDeliveringOnPostgres(world);
  const { rollcall } = system;
  try {
    await system.createEndpoints(ENDPOINTS);
    const memory = watchPostgres(rollcall.postmasterPid);
    const arrived = watchArrivals(system);
    let answered = 0;
    const { sample, result } = await measureWork(rollcall, async () => {
      const start = performance.now();
      const written = await sendAll(world, rollcall, options);
      answered = written.seconds;
      return { ...written, seconds: ((await arrived()) - start) / 1_000 };
    });
    const { ingress, worker } = rollcall;
    const { largest, all } = memory.stop();
    const peak = (pid: number | undefined) => (pid === undefined ? undefined : readPeakMemoryMiB([pid]));
    return {
      // Requests a second would say nothing of what is a matter of deliveries.
      [DELIVERED]: { ...sample, perSecond: undefined, seconds: result.seconds, diskMiB: await readSize(rollcall) },
      [ANSWERED]: { seconds: answered },
      'ingress, highest': { memoryMiB: peak(ingress.pid) },
      'worker, highest': { memoryMiB: peak(worker?.pid) },
      'largest process of PostgreSQL, highest': { memoryMiB: largest },
      'PostgreSQL, highest': { memoryMiB: all },
    };
  } finally {
    await system.stop();
    await world.database.drop(rollcall.name);
  }
}

async function sendAll(
  { quick }: World,
  system: RollcallSystem,
  { send, directories = 1, inFlight = IN_FLIGHT }: ImportOptions,
): Promise<LoadResult> {
  const size = divideSize(quick ? QUICK_SIZE : SIZE, directories);
  const targets = (await system.database.createDirectories(directories)).map((id) => system.openDirectory(id));
  const start = performance.now();
  const requests = await Promise.all(targets.map((target) => send(target, size, inFlight / directories)));
  return {
    requests: requests.reduce((sum, count) => sum + count, 0),
    seconds: (performance.now() - start) / 1_000,
    latencies: new Float64Array(),
  };
}

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** Counts webhooks from now on. What it returns resolves with the time of the last one, when no change and no delivery is left. */
function watchArrivals({ receiver, rollcall }: DeliveringSystem): () => Promise<number> {
  let received = 0;
  let last = performance.now();
  receiver.onRequest = () => {
    received += 1;
    last = performance.now();
  };
  const { admin } = rollcall.database;
  return async () => {
    for (let progress = -1, at = performance.now(); ; await sleep(LOOK_EVERY_MS)) {
      const { rows } = await admin.query<{ events: string; waiting: boolean }>(PROGRESS);
      const events = Number(rows[0]?.events);
      if (rows[0]?.waiting === false && received >= events * ENDPOINTS) return last;
      if (events + received > progress) [progress, at] = [events + received, performance.now()];
      if (performance.now() > at + PATIENCE_MS) {
        throw new Error(`${received} of ${events * ENDPOINTS} webhooks arrived, then nothing happened for a minute`);
      }
    }
  };
}

const PROGRESS = `
  SELECT sum(last_sequence) AS events, (SELECT count(*) FROM (
    SELECT 1 FROM changes ORDER BY directory_id, id LIMIT 1) AS c) > 0 AS waiting
  FROM directory_counters`;

const WATCH_EVERY_MS = 2_000;

/** Looks at the memory of PostgreSQL's processes until it is stopped; what they share counts once. */
function watchPostgres(postmasterPid: number): { stop: () => { largest: number; all: number } } {
  const highest = { largest: 0, all: 0 };
  const look = (): void => {
    const each = listProcessTree(postmasterPid).map((pid) => readSharedMemoryMiB([pid]) ?? 0);
    highest.largest = Math.max(highest.largest, ...each);
    highest.all = Math.max(
      highest.all,
      each.reduce((sum, one) => sum + one, 0),
    );
  };
  const timer = setInterval(look, WATCH_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return highest;
    },
  };
}

async function readSize({ database }: RollcallSystem): Promise<number> {
  const { rows } = await database.admin.query<{ bytes: string }>(
    'SELECT pg_database_size(current_database()) AS bytes',
  );
  return Number(rows[0]?.bytes) / 1024 ** 2;
}
