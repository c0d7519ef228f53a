import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  bundleProgram,
  createTestDatabase,
  startFaultProxy,
  startRedis,
  WAIT_LIMIT_MS,
  waitUntil,
  type TestDatabase,
  type TestRedis,
} from '@rollcall/testing';
import { createMetrics } from '@rollcall/platform';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHintQueue, type HintQueue } from './create-hint-queue';
import { migrateQueueSchema } from './migrate-queue-schema';
import { openPostgresBackend } from './open-postgres-backend';
import { openRedisBackend } from './open-redis-backend';
import type { EndpointToWake, JobData, WakeUpHandlers } from './wake-ups';
import { watchQueue } from './watch-queue';

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

/** Adds a job as another version of the program might. */
async function addRaw(backend: BackendName, key: string, data: JobData): Promise<void> {
  const pool = new Pool({ connectionString: database.appUrl, max: 1 });
  const raw = backend === 'postgresql' ? openPostgresBackend(pool) : openRedisBackend(redis?.url ?? '');
  await waitUntil(() => raw.ping().then(Boolean, () => false));
  const jobs = raw.openQueue('deliver-endpoint');
  await jobs.add(key, data);
  await jobs.close();
  raw.disconnect();
  await pool.end();
}

/** Wakes for an endpoint; wake-ups of one endpoint are told apart by what else they carry. */
function wake(queue: HintQueue, endpointId: string, mark = ''): void {
  queue.deliverEndpoint({ endpointId, environmentId: mark || 'environment' });
}

/** Resolves when the hints are in the queue. */
async function addHints(backend: BackendName, hint: (sender: HintQueue) => void): Promise<void> {
  const sender = await openReady(backend);
  hint(sender);
  await sender.close(WAIT_LIMIT_MS);
}

const IDLE: WakeUpHandlers = { drainDirectory: async () => undefined, deliverEndpoint: async () => undefined };

/** A worker that records what it is told and holds each wake-up until released. */
function holdingWorker(queue: HintQueue) {
  const runs: EndpointToWake[] = [];
  const running = new Map<string, number>();
  let overlapped = false;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const deliverEndpoint = async (endpoint: EndpointToWake) => {
    const { endpointId } = endpoint;
    runs.push(endpoint);
    running.set(endpointId, (running.get(endpointId) ?? 0) + 1);
    overlapped ||= (running.get(endpointId) ?? 0) > 1;
    await released;
    running.set(endpointId, (running.get(endpointId) ?? 0) - 1);
  };
  queue.work({ ...IDLE, deliverEndpoint }, { concurrency: 10 });
  return {
    runs,
    hasOverlapped: () => overlapped,
    release,
  };
}

function guarantees(backend: BackendName): void {
  it('wakes a worker of another process, for a directory and for an endpoint', async () => {
    const [sender, receiver] = await Promise.all([openReady(backend), openReady(backend)]);
    const seen: unknown[] = [];
    const see = async (subject: unknown) => void seen.push(subject);
    receiver.work({ drainDirectory: see, deliverEndpoint: see }, { concurrency: 2 });
    sender.drainDirectory('d1');
    await waitUntil(() => seen.length === 1);
    sender.deliverEndpoint({ environmentId: 'env', endpointId: 'e1' });
    await waitUntil(() => seen.length === 2);
    expect(seen).toEqual(['d1', { environmentId: 'env', endpointId: 'e1' }]);
  });

  it('refuses a wake-up that does not name what it is about, and goes on', async () => {
    const queue = await openReady(backend);
    const worker = holdingWorker(queue);
    worker.release();
    const malformed: JobData[] = [{ endpoint_id: 'nameless' }, { endpoint_id: 'nameless', environment_id: '' }, {}];
    for (const [index, data] of malformed.entries()) {
      await addRaw(backend, `nameless-${index}`, data);
      await waitUntil(() => queue.counters().failed === index + 1);
    }
    wake(queue, 'named');
    await waitUntil(() => worker.runs.length > 0);
    expect(worker.runs).toEqual([{ environmentId: 'environment', endpointId: 'named' }]);
  });

  it('merges the hints of a key that no worker has begun with', async () => {
    await addHints(backend, (sender) => {
      for (let n = 0; n < 50; n++) wake(sender, 'merged', String(n));
      wake(sender, 'other');
    });
    const worker = holdingWorker(await openReady(backend));
    worker.release();
    await waitUntil(() => worker.runs.length >= 2);
    await sleep(300);
    expect(worker.runs.map(({ endpointId }) => endpointId).toSorted()).toEqual(['merged', 'other']);
  });

  it('runs a key once more when hints arrive while it is being worked on, and never twice at once', async () => {
    const queue = await openReady(backend);
    const worker = holdingWorker(queue);
    wake(queue, 'busy', 'first');
    await waitUntil(() => worker.runs.length === 1);
    for (const n of ['second', 'third']) {
      await addHints(backend, (sender) => wake(sender, 'busy', n));
    }
    worker.release();
    await waitUntil(() => worker.runs.length === 2);
    await sleep(300);
    expect(worker.runs.map(({ environmentId }) => environmentId)).toEqual(['first', 'third']);
    expect(worker.hasOverlapped()).toBe(false);
  });

  it('runs a key again after a handler failed on it', async () => {
    const queue = await openReady(backend);
    let calls = 0;
    const deliverEndpoint = () => Promise.reject(new Error(`no ${++calls}`));
    queue.work({ ...IDLE, deliverEndpoint }, { concurrency: 1 });
    wake(queue, 'failing');
    await waitUntil(() => queue.counters().failed === 1);
    wake(queue, 'failing');
    await waitUntil(() => queue.counters().failed === 2);
    expect(calls).toBe(2);
  });

  it('gives the key of a worker that was killed to another', async () => {
    const queue = await openReady(backend);
    const program = await bundleProgram(`
      import { createHintQueue } from '@rollcall/queue';
      import { Pool } from 'pg';
      const [backend, url] = process.argv.slice(2);
      const pool = backend === 'postgresql' ? new Pool({ connectionString: url }) : undefined;
      const queue = createHintQueue({ pool, redisUrl: pool ? undefined : url, logger: { info() {}, warn() {} } });
      const hold = async () => { console.log('begun'); await new Promise(() => {}); };
      queue.work({ drainDirectory: hold, deliverEndpoint: hold }, { concurrency: 1 });
      setInterval(() => {}, 1000);
    `);
    const url = backend === 'postgresql' ? database.appUrl : (redis?.url ?? '');
    const victim = spawn(process.execPath, [program.path, backend, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    wake(queue, 'orphan', 'before');
    await new Promise((resolve) => victim.stdout.once('data', resolve));
    victim.kill('SIGKILL');
    wake(queue, 'orphan', 'after');
    const worker = holdingWorker(queue);
    worker.release();
    await waitUntil(() => worker.runs.some(({ endpointId }) => endpointId === 'orphan'), {
      what: 'the takeover',
    });
    wake(queue, 'orphan', 'later');
    await waitUntil(() => worker.runs.some(({ environmentId }) => environmentId === 'later'));
    expect(worker.runs.every(({ endpointId }) => endpointId === 'orphan')).toBe(true);
    await program.remove();
  });

  it('closes after the running handlers, which are asked to end soon, and takes no new hint', async () => {
    const queue = await openReady(backend);
    const events: string[] = [];
    queue.work(
      {
        ...IDLE,
        deliverEndpoint: async (_, signal) => {
          events.push('begun');
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          await sleep(50);
          events.push('ended');
        },
      },
      { concurrency: 1 },
    );
    wake(queue, 'closing');
    await waitUntil(() => events.length === 1);
    const dropped = queue.counters().dropped;
    const closed = queue.close(2_000);
    wake(queue, 'closing');
    await closed;
    expect(events).toEqual(['begun', 'ended']);
    expect(queue.counters().dropped).toBe(dropped + 1);
  });

  it('closes at the deadline although a handler does not end', async () => {
    const queue = await openReady(backend);
    let begun = false;
    const deliverEndpoint = () => ((begun = true), new Promise<void>(() => undefined));
    queue.work({ ...IDLE, deliverEndpoint }, { concurrency: 1 });
    wake(queue, 'endless');
    await waitUntil(() => begun);
    // Resolves, though what it waits for never comes.
    await expect(queue.close(500)).resolves.toBeUndefined();
  });
}

describe('hints on PostgreSQL', () => {
  guarantees('postgresql');

  it('arrive again after every connection was cut', async () => {
    const queue = await openReady('postgresql');
    const worker = holdingWorker(queue);
    worker.release();
    wake(queue, 'cut', '1');
    await waitUntil(() => worker.runs.length === 1);
    await sleep(200);
    const admin = new Client(database.adminUrl);
    await admin.connect();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rollcall_app' and datname = current_database()`,
    );
    await admin.end();
    await waitUntil(() => {
      wake(queue, 'cut', '2');
      return worker.runs.length >= 2;
    });
    expect(worker.runs[1]?.environmentId).toBe('2');
  });

  it('wait for no disk, since the sweeps give again what a crash takes', async () => {
    const pool = new Pool({ connectionString: database.appUrl, max: 1 });
    const backend = openPostgresBackend(pool);
    await backend.ping();
    const { rows } = await pool.query(`SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'`);
    expect(rows).toEqual([{ setting: 'off', source: 'session' }]);
    backend.disconnect();
    await pool.end();
  });

  it('let the process go on when a connection is lost between two statements', async () => {
    const pool = new Pool({ connectionString: database.appUrl, max: 1 });
    const backend = openPostgresBackend(pool);
    // A client that emits 'error' while nobody listens throws.
    const listeners: number[] = [];
    pool.on('acquire', (client) => process.nextTick(() => listeners.push(client.listenerCount('error'))));
    await backend.ping();
    await backend.ping();
    await pool.end();
    expect(listeners.slice(1)).toEqual([1]);
  });

  it('are dropped, not waited for, until the schema is there, and arrive from then on', async () => {
    const empty = await createTestDatabase();
    const pool = new Pool({ connectionString: empty.appUrl, max: 8 });
    const queue = createHintQueue({ pool, logger: quiet });
    const worker = holdingWorker(queue);
    worker.release();
    await sleep(100);
    wake(queue, 'early');
    expect([queue.status(), queue.counters().dropped]).toEqual(['down', 1]);
    await migrateQueue(empty);
    await waitUntil(() => queue.status() === 'ok');
    wake(queue, 'late');
    await waitUntil(() => worker.runs.length === 1);
    await migrateQueue(empty);
    await queue.close(1_000);
    await pool.end();
    await empty.drop();
  });
});

describe('the schema of the queue', () => {
  const query = async <Row>(url: string, text: string): Promise<Row[]> => {
    const client = new Client(url);
    await client.connect();
    return client
      .query(text)
      .then(({ rows }) => rows as Row[])
      .finally(() => client.end());
  };

  it('is one in which the application can make nothing, not even before its first hint', async () => {
    await expect(query(database.appUrl, 'create table bullmq.planted ()')).rejects.toMatchObject({ code: '42501' });
    const planted = query(database.appUrl, `create function bullmq.planted() returns text return 'x'`);
    await expect(planted).rejects.toMatchObject({ code: '42501' });
  });

  it('takes back what an application made that was allowed to, and keeps the jobs that wait apart from new ones', async () => {
    const earlier = await createTestDatabase({ migrate: migrateQueue });
    const sequences = await query<{ name: string }>(
      earlier.ownerUrl,
      `select sequence_name as name from information_schema.sequences where sequence_name like 'bullmq_jid_%'`,
    );
    await query(earlier.adminUrl, `grant create on schema bullmq to rollcall_app`);
    for (const { name } of sequences)
      await query(earlier.adminUrl, `alter sequence bullmq.${name} owner to rollcall_app`);
    const pool = new Pool({ connectionString: earlier.appUrl, max: 2 });
    const queue = createHintQueue({ pool, logger: quiet });
    const jobs = () => query<{ id: string }>(earlier.appUrl, 'select id from bullmq.job order by id');
    await waitUntil(() => queue.status() === 'ok');
    for (const [added, id] of ['d1', 'd2', 'd3'].entries()) {
      queue.drainDirectory(id);
      await waitUntil(async () => (await jobs()).length === added + 1);
    }
    await migrateQueue(earlier);
    queue.drainDirectory('d4');
    await waitUntil(async () => (await jobs()).length === 4);
    const owned = `select c.relname from pg_class c where relowner = 'rollcall_app'::regrole`;
    expect(await query(earlier.appUrl, owned)).toEqual([]);
    await expect(query(earlier.appUrl, 'create table bullmq.planted ()')).rejects.toMatchObject({ code: '42501' });
    await queue.close(1_000);
    await pool.end();
    await earlier.drop();
  });
});

describe.runIf(redis)('hints on Redis', () => {
  const server = redis as TestRedis;
  beforeEach(async () => server.flushAll());
  guarantees('redis');

  it('of another key prefix go to other workers', async () => {
    const ofCell = createHintQueue({ redisUrl: server.url, keyPrefix: 'rollcall.b', logger: quiet });
    opened.push(() => ofCell.close(2_000));
    const [here, there] = [holdingWorker(await openReady('redis')), holdingWorker(ofCell)];
    for (const worker of [here, there]) worker.release();
    await waitUntil(() => ofCell.status() === 'ok');
    wake(ofCell, 'of-b');
    await addHints('redis', (sender) => wake(sender, 'of-control'));
    await waitUntil(() => here.runs.length > 0 && there.runs.length > 0);
    await sleep(300);
    expect(here.runs.map(({ endpointId }) => endpointId)).toEqual(['of-control']);
    expect(there.runs.map(({ endpointId }) => endpointId)).toEqual(['of-b']);
  });

  it('survive FLUSHALL: the key that was being worked on and every other one work again at once', async () => {
    const queue = await openReady('redis');
    const worker = holdingWorker(queue);
    wake(queue, 'flushed', '1');
    await waitUntil(() => worker.runs.length === 1);
    await server.flushAll();
    worker.release();
    wake(queue, 'other', '2');
    await waitUntil(() => worker.runs.length === 2);
    await sleep(50);
    wake(queue, 'flushed', '3');
    await waitUntil(() => worker.runs.some(({ environmentId }) => environmentId === '3'));
    expect(queue.counters().failed).toBe(0);
  });

  it('are dropped at once while Redis is away, and arrive after it is back', async () => {
    const queue = await openReady('redis');
    const worker = holdingWorker(queue);
    worker.release();
    await server.kill9();
    await waitUntil(() => queue.status() === 'down');
    const { dropped } = queue.counters();
    for (let n = 0; n < 10_000; n++) wake(queue, `lost-${n}`);
    expect(queue.counters().dropped).toBe(dropped + 10_000);
    await server.start();
    await waitUntil(() => queue.status() === 'ok');
    wake(queue, 'found');
    await waitUntil(() => worker.runs.some(({ endpointId }) => endpointId === 'found'));
    expect(worker.runs.every(({ endpointId }) => endpointId === 'found')).toBe(true);
  });

  it('arrive again after a silence of the network, although its connections stay dead', async () => {
    const way = await startFaultProxy({ targetPort: server.port });
    const queue = createHintQueue({ redisUrl: `redis://127.0.0.1:${way.port}`, logger: quiet });
    opened.push(async () => {
      await queue.close(2_000);
      await way.stop();
    });
    await waitUntil(() => queue.status() === 'ok');
    await way.setFault({ kind: 'silent' });
    await waitUntil(() => queue.status() === 'down');
    await way.setFault({ kind: 'pass' });
    await expect.poll(() => queue.status()).toBe('ok');
  });

  it('let the process end while Redis is away', async () => {
    const queue = await openReady('redis');
    const worker = holdingWorker(queue);
    worker.release();
    await server.kill9();
    // Resolves, though what it waits for never comes.
    await expect(queue.close(700)).resolves.toBeUndefined();
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

it('tells as metrics what became of each hint, and whether hints arrive', async () => {
  const metrics = createMetrics('test');
  const queue = open('postgresql');
  watchQueue(metrics, queue);
  const read = async (name: string) =>
    Object.fromEntries(
      ((await metrics.series()).find((one) => one.name === name)?.values ?? []).map(({ labels, value }) => [
        labels['result'] ?? '',
        value,
      ]),
    );
  wake(queue, 'before');
  expect(await read('rollcall_queue_up')).toEqual({ '': 0 });
  expect(await read('rollcall_hints_total')).toEqual({ sent: 0, merged: 0, dropped: 1 });
  await waitUntil(() => queue.status() === 'ok');
  for (const mark of ['1', '2', '3', '4']) wake(queue, 'same', mark);
  await waitUntil(async () => (await read('rollcall_hints_total'))['sent'] === 2);
  expect(await read('rollcall_hints_total')).toEqual({ sent: 2, merged: 2, dropped: 1 });
  expect([await read('rollcall_queue_up'), await read('rollcall_hint_failures_total')]).toEqual([{ '': 1 }, { '': 0 }]);
});
