import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  bundleProgram,
  createTestDatabase,
  startRedis,
  waitUntil,
  type TestDatabase,
  type TestRedis,
} from '@rollcall/testing';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHintQueue, type HintQueue } from './create-hint-queue';
import type { Hint } from './hint';
import { migrateQueueSchema } from './migrate-queue-schema';

const quiet = { info: () => undefined, warn: () => undefined };
const redis: TestRedis | null = await startRedis();
let database: TestDatabase;
const opened: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateQueue });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

afterAll(async () => {
  await database.drop();
  await redis?.stop();
});

async function migrateQueue({ ownerUrl, appRole }: { ownerUrl: string; appRole: string }): Promise<void> {
  const owner = new Client(ownerUrl);
  await owner.connect();
  await migrateQueueSchema(owner, { appRole });
  await owner.end();
}

type BackendName = 'postgresql' | 'redis';

function open(backend: BackendName): HintQueue {
  const pool = backend === 'postgresql' ? new Pool({ connectionString: database.appUrl, max: 8 }) : undefined;
  pool?.on('error', () => undefined);
  const queue = createHintQueue({ pool, redisUrl: pool ? undefined : redis?.url, logger: quiet });
  opened.push(async () => {
    await queue.close(2_000);
    await pool?.end();
  });
  return queue;
}

async function openReady(backend: BackendName): Promise<HintQueue> {
  const queue = open(backend);
  await waitUntil(() => queue.status() === 'ok');
  return queue;
}

/** A worker that records what it is told and holds each hint until released. */
function holdingWorker(queue: HintQueue) {
  const runs: Hint[] = [];
  const running = new Map<string, number>();
  let overlapped = false;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  queue.work(
    {
      'drain-directory': async ({ key, data }) => {
        runs.push({ key, data });
        running.set(key, (running.get(key) ?? 0) + 1);
        overlapped ||= (running.get(key) ?? 0) > 1;
        await released;
        running.set(key, (running.get(key) ?? 0) - 1);
      },
    },
    { concurrency: 10 },
  );
  return {
    runs,
    hasOverlapped: () => overlapped,
    release,
  };
}

function guarantees(backend: BackendName): void {
  it('wakes a worker of another process within a moment', async () => {
    const [sender, receiver] = await Promise.all([openReady(backend), openReady(backend)]);
    const seen: Hint[] = [];
    receiver.work({ 'deliver-endpoint': async ({ key, data }) => void seen.push({ key, data }) }, { concurrency: 2 });
    sender.hint('deliver-endpoint', 'e1', { delivery_id: 'd1' });
    await waitUntil(() => seen.length > 0);
    expect(seen).toEqual([{ key: 'e1', data: { delivery_id: 'd1' } }]);
  });

  it('merges the hints of a key that no worker has begun with', async () => {
    const queue = await openReady(backend);
    for (let n = 0; n < 50; n++) queue.hint('drain-directory', 'merged', { n: String(n) });
    queue.hint('drain-directory', 'other', {});
    await sleep(300);
    const worker = holdingWorker(queue);
    worker.release();
    await waitUntil(() => worker.runs.length >= 2);
    await sleep(300);
    expect(worker.runs.map(({ key }) => key).toSorted()).toEqual(['merged', 'other']);
  });

  it('runs a key once more when hints arrive while it is being worked on, and never twice at once', async () => {
    const queue = await openReady(backend);
    const worker = holdingWorker(queue);
    queue.hint('drain-directory', 'busy', { n: 'first' });
    await waitUntil(() => worker.runs.length === 1);
    for (const n of ['second', 'third']) {
      queue.hint('drain-directory', 'busy', { n });
      await sleep(60);
    }
    worker.release();
    await waitUntil(() => worker.runs.length === 2);
    await sleep(300);
    expect(worker.runs.map(({ data }) => data.n)).toEqual(['first', 'third']);
    expect(worker.hasOverlapped()).toBe(false);
  });

  it('runs a key again after a handler failed on it', async () => {
    const queue = await openReady(backend);
    let calls = 0;
    queue.work({ 'drain-directory': async () => Promise.reject(new Error(`no ${++calls}`)) }, { concurrency: 1 });
    queue.hint('drain-directory', 'failing', {});
    await waitUntil(() => queue.counters().failed === 1);
    queue.hint('drain-directory', 'failing', {});
    await waitUntil(() => queue.counters().failed === 2);
    expect(calls).toBe(2);
  });

  it('keeps a hint for later apart from one for now', async () => {
    const queue = await openReady(backend);
    const worker = holdingWorker(queue);
    worker.release();
    queue.hint('drain-directory', 'timed', { when: 'later' }, { delayMs: 1_000 });
    queue.hint('drain-directory', 'timed', { when: 'far' }, { delayMs: 61_000 });
    await sleep(100);
    queue.hint('drain-directory', 'timed', { when: 'now' });
    await waitUntil(() => worker.runs.length === 1);
    expect(worker.runs).toEqual([{ key: 'timed', data: { when: 'now' } }]);
    await waitUntil(() => worker.runs.length === 2);
    expect(worker.runs[1]).toEqual({ key: 'timed', data: { when: 'later' } });
  });

  it('gives the key of a worker that was killed to another within seconds', async () => {
    const queue = await openReady(backend);
    const program = await bundleProgram(`
      import { createHintQueue } from '@rollcall/queue';
      import { Pool } from 'pg';
      const [backend, url] = process.argv.slice(2);
      const pool = backend === 'postgresql' ? new Pool({ connectionString: url }) : undefined;
      const queue = createHintQueue({ pool, redisUrl: pool ? undefined : url, logger: { info() {}, warn() {} } });
      queue.work({ 'drain-directory': async () => { console.log('begun'); await new Promise(() => {}); } }, { concurrency: 1 });
      setInterval(() => {}, 1000);
    `);
    const url = backend === 'postgresql' ? database.appUrl : (redis?.url ?? '');
    const victim = spawn(process.execPath, [program.path, backend, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    queue.hint('drain-directory', 'orphan', { n: 'before' });
    await new Promise((resolve) => victim.stdout.once('data', resolve));
    victim.kill('SIGKILL');
    queue.hint('drain-directory', 'orphan', { n: 'after' });
    const worker = holdingWorker(queue);
    worker.release();
    await waitUntil(() => worker.runs.some(({ key }) => key === 'orphan'), { timeoutMs: 9_000, what: 'the takeover' });
    queue.hint('drain-directory', 'orphan', { n: 'later' });
    await waitUntil(() => worker.runs.some(({ data }) => data.n === 'later'));
    expect(worker.runs.every(({ key }) => key === 'orphan')).toBe(true);
    await program.remove();
  });

  it('closes after the running handlers, which are told to hurry, and takes no new hint', async () => {
    const queue = await openReady(backend);
    const events: string[] = [];
    queue.work(
      {
        'drain-directory': async ({ signal }) => {
          events.push('begun');
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          await sleep(50);
          events.push('ended');
        },
      },
      { concurrency: 1 },
    );
    queue.hint('drain-directory', 'closing', {});
    await waitUntil(() => events.length === 1);
    const dropped = queue.counters().dropped;
    const closed = queue.close(2_000);
    queue.hint('drain-directory', 'closing', {});
    await closed;
    expect(events).toEqual(['begun', 'ended']);
    expect(queue.counters().dropped).toBe(dropped + 1);
  });

  it('closes at the deadline although a handler does not end', async () => {
    const queue = await openReady(backend);
    let begun = false;
    queue.work({ 'drain-directory': async () => ((begun = true), new Promise(() => undefined)) }, { concurrency: 1 });
    queue.hint('drain-directory', 'endless', {});
    await waitUntil(() => begun);
    const started = performance.now();
    await queue.close(500);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
}

describe('hints on PostgreSQL', () => {
  guarantees('postgresql');

  it('arrive again after every connection was cut', async () => {
    const queue = await openReady('postgresql');
    const worker = holdingWorker(queue);
    worker.release();
    queue.hint('drain-directory', 'cut', { n: '1' });
    await waitUntil(() => worker.runs.length === 1);
    await sleep(200);
    const admin = new Client(database.adminUrl);
    await admin.connect();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rollcall_app' and datname = current_database()`,
    );
    await admin.end();
    await waitUntil(() => {
      queue.hint('drain-directory', 'cut', { n: '2' });
      return worker.runs.length >= 2;
    });
    expect(worker.runs[1]?.data).toEqual({ n: '2' });
  });

  it('are dropped, not waited for, until the schema is there, and arrive from then on', async () => {
    const empty = await createTestDatabase();
    const pool = new Pool({ connectionString: empty.appUrl, max: 8 });
    const queue = createHintQueue({ pool, logger: quiet });
    const worker = holdingWorker(queue);
    worker.release();
    await sleep(100);
    queue.hint('drain-directory', 'early', {});
    expect([queue.status(), queue.counters().dropped]).toEqual(['down', 1]);
    await migrateQueue(empty);
    await waitUntil(() => queue.status() === 'ok');
    queue.hint('drain-directory', 'late', {});
    await waitUntil(() => worker.runs.length === 1);
    await migrateQueue(empty);
    await queue.close(1_000);
    await pool.end();
    await empty.drop();
  });
});

describe.runIf(redis)('hints on Redis', () => {
  const server = redis as TestRedis;
  beforeEach(async () => server.flushAll());
  guarantees('redis');

  it('survive FLUSHALL: the key that was being worked on and every other one work again at once', async () => {
    const queue = await openReady('redis');
    const worker = holdingWorker(queue);
    queue.hint('drain-directory', 'flushed', { n: '1' });
    await waitUntil(() => worker.runs.length === 1);
    await server.flushAll();
    worker.release();
    queue.hint('drain-directory', 'other', { n: '2' });
    await waitUntil(() => worker.runs.length === 2);
    await sleep(50);
    queue.hint('drain-directory', 'flushed', { n: '3' });
    await waitUntil(() => worker.runs.some(({ data }) => data.n === '3'));
    expect(queue.counters().failed).toBe(0);
  });

  it('are dropped at once while Redis is away, and arrive after it is back', async () => {
    const queue = await openReady('redis');
    const worker = holdingWorker(queue);
    worker.release();
    await server.kill9();
    await waitUntil(() => queue.status() === 'down');
    const { dropped } = queue.counters();
    for (let n = 0; n < 10_000; n++) queue.hint('drain-directory', `lost-${n}`, {});
    expect(queue.counters().dropped).toBe(dropped + 10_000);
    await server.start();
    await waitUntil(() => queue.status() === 'ok');
    queue.hint('drain-directory', 'found', {});
    await waitUntil(() => worker.runs.some(({ key }) => key === 'found'));
    expect(worker.runs.every(({ key }) => key === 'found')).toBe(true);
  });

  it('let the process end while Redis is away', async () => {
    const queue = await openReady('redis');
    const worker = holdingWorker(queue);
    worker.release();
    await server.kill9();
    const started = performance.now();
    await queue.close(700);
    expect(performance.now() - started).toBeLessThan(3_000);
    await server.start();
  });
});

// A suite that cannot run says so: nobody is to believe that Redis was tested.
it.runIf(!redis)('hints on Redis were NOT tested: redis-server is not installed', () => {
  expect(process.env.CI, 'redis-server has to be installed where CI=true').not.toBe('true');
});

it('refuses a queue on neither and on both', () => {
  expect(() => createHintQueue({ logger: quiet })).toThrow(/either a Redis URL or a PostgreSQL pool/);
  const pool = new Pool();
  expect(() => createHintQueue({ redisUrl: 'redis://localhost', pool, logger: quiet })).toThrow(/either/);
});
