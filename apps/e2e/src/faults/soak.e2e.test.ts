import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type RunningRole, type TestRedis } from '@rollcall/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAllDelivered } from './support/expect-all-delivered';
import { provision } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { startRound } from './support/start-round';
import { tell } from './support/tell';

// `npm run soak` says for how long, and how many writes a second; without it a few seconds show that it works.
const SECONDS = Number(process.env.SOAK_SECONDS || 15);
const PER_SECOND = Number(process.env.SOAK_WRITES || 40);
/** From a fault to the next; in a short run each comes once. */
const FAULT_EVERY_MS = SECONDS >= 60 ? 10_000 : 2_000;
/** How long receivers answer 500. */
const REFUSING_MS = 1_500;

/** What memory says is noise before this. */
const MEMORY_FROM_SECONDS = 300;
const FLAT = 1.15;
const LOOK_EVERY_MS = 5_000;

/** What the processes may hold at most by the README: an ingress and two workers with their queue on Redis. */
const CONNECTIONS_MAX = 31 + 2 * 13;
/** Of the queue: its own few, and none for each hint that was handled. */
const REDIS_KEYS_MAX = 100;

const redis = await startRedis();
afterAll(() => redis?.stop());

describe.runIf(redis)('a system on which one fault follows another', () => {
  const server = redis as TestRedis;
  let system: FaultSystem;

  beforeAll(async () => {
    system = await startFaultSystem(server);
    return () => system.stop();
  });

  it('loses nothing and sends in order, and keeps neither memory nor connections nor rows of work that is done', async () => {
    const workers = [await system.startWorker(), await system.startWorker()];
    const round = await startRound(system);
    const faults = listFaults(system, server, workers, (status) => {
      for (const { receiver } of round.endpoints) receiver.answerWith({ status });
    });
    const memory = watchMemory(system.ingress.pid);
    try {
      const end = performance.now() + SECONDS * 1_000;
      const isOver = () => performance.now() > end;
      const [expected, counts] = await Promise.all([
        provision(round.directories, { isEnough: isOver, perSecond: PER_SECOND }),
        breakThings(faults, isOver),
      ]);
      const events = [...expected.values()].reduce((sum, count) => sum + count, 0);
      tell(`soak: ${events} events, ${JSON.stringify(counts)}`);
      await expectAllDelivered(round, expected);

      const courses = memory.end();
      tell(`soak: ingress ${courses.map((mib) => Math.round(mib)).join(', ')} MiB`);
      if (SECONDS >= MEMORY_FROM_SECONDS)
        expect(meanOf(courses.slice(-12))).toBeLessThan(FLAT * meanOf(courses.slice(12, 24)));
      expect(await countLeftovers(system)).toEqual({ changes: 0, pending: 0, jobs: 0 });
      expect(await countConnections(system)).toBeLessThanOrEqual(CONNECTIONS_MAX);
      expect(await countRedisKeys(server)).toBeLessThanOrEqual(REDIS_KEYS_MAX);
    } finally {
      memory.end();
      await round.stop();
    }
  });
});

it.runIf(!redis)('one fault after another was NOT tested: redis-server is not installed', () => {
  expect(process.env.CI, 'redis-server has to be installed where CI=true').not.toBe('true');
});

type Fault = () => Promise<unknown>;

function listFaults(
  system: FaultSystem,
  server: TestRedis,
  workers: RunningRole[],
  answerAll: (status: number) => void,
): Record<string, Fault> {
  return {
    'worker killed': async () => {
      await workers.shift()?.kill9();
      workers.push(await system.startWorker());
    },
    'Redis killed': async () => {
      await server.kill9();
      await server.start();
    },
    'connections cut': async () => system.wayToPostgres.dropConnections(),
    'receivers refuse': async () => {
      answerAll(500);
      await sleep(REFUSING_MS);
      answerAll(200);
    },
    'PostgreSQL restarted': () => system.restartPostgres(),
    'jobs lost': () => server.flushAll(),
  };
}

/** One fault after another until it is over. Returns how often each came. */
async function breakThings(faults: Record<string, Fault>, isOver: () => boolean): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (;;) {
    for (const [name, fault] of Object.entries(faults)) {
      await sleep(FAULT_EVERY_MS);
      if (isOver()) return counts;
      await fault();
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
}

/** The resident memory of a process every few seconds, in MiB. */
function watchMemory(pid: number): { end(): number[] } {
  const seen: number[] = [];
  const timer = setInterval(() => {
    let status: string;
    try {
      status = readFileSync(`/proc/${pid}/status`, 'utf8');
    } catch {
      // It has ended, which what is asked of it finds out.
      return clearInterval(timer);
    }
    seen.push(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
  }, LOOK_EVERY_MS);
  return {
    end: () => {
      clearInterval(timer);
      return seen;
    },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function countLeftovers({ database }: FaultSystem): Promise<Record<string, number>> {
  const { rows } = await database.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM changes) AS changes,
       (SELECT count(*)::int FROM deliveries WHERE state = 'pending') AS pending,
       (SELECT count(*)::int FROM rules_jobs WHERE state = 'running') AS jobs`,
  );
  return rows[0] ?? {};
}

async function countConnections({ database }: FaultSystem): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = 'rollcall_app'`,
  );
  return rows[0]?.count ?? 0;
}

async function countRedisKeys({ port }: TestRedis): Promise<number> {
  const client = new Redis({ host: '127.0.0.1', port });
  try {
    return await client.dbsize();
  } finally {
    client.disconnect();
  }
}
