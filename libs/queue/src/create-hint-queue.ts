import { setTimeout as sleep } from 'node:timers/promises';
import type { PgPool } from 'bullmq';
import type { Backend, JobQueue } from './backend';
import { coalesceHints } from './coalesce-hints';
import { openPostgresBackend } from './open-postgres-backend';
import { openRedisBackend } from './open-redis-backend';
import { runWorker, type RunningWorker, type WorkSettings } from './run-worker';
import { readDirectory, readEndpoint, writeDirectory, writeEndpoint } from './wake-ups';
import type { JobData, JobName, QueueLogger, WakeUpHandlers, WakeUps } from './wake-ups';
import { watchBackend } from './watch-backend';

export interface HintQueueOptions {
  /** Redis, as `REDIS_URL` says; without it the queue is on PostgreSQL. */
  readonly redisUrl?: string;
  /** With what the queue's keys begin in Redis; default `rollcall`. */
  readonly keyPrefix?: string;
  /** A `pg.Pool` of the runtime role for the queue alone (8 connections do); its owner ends it after close(). */
  readonly pool?: PgPool;
  readonly logger: QueueLogger;
}

export interface HintCounters {
  /** Wake-ups that were asked for. */
  readonly hinted: number;
  /** Hints that were stored. */
  readonly sent: number;
  /** Wake-ups in whose place a later one for the same goes. */
  readonly merged: number;
  /** Hints that were not stored, because the queue was away; the sweeper does their work. */
  readonly dropped: number;
  /** Handlers that threw. */
  readonly failed: number;
}

/** The queue of wake-ups: sends them, and in a worker handles them. */
export interface HintQueue extends WakeUps {
  /** Starts handling wake-ups, `concurrency` of each kind at once in this process. One that names nothing is refused and logged. */
  work(handlers: WakeUpHandlers, options: { readonly concurrency: number }): void;
  /** Whether hints arrive now: the readiness of a process names the queue while they do not. */
  status(): 'ok' | 'down';
  counters(): HintCounters;
  /**
   * Takes no new hint and waits for the running handlers, whose signal aborts at half the deadline. Resolves at the
   * deadline at the latest, even while the queue cannot be reached.
   */
  close(deadlineMs: number): Promise<void>;
}

/** Adds under way at once. */
const MAX_ADDS = 2;
/**
 * Rest before a hint that had to wait is added. An add costs as much as the SCIM write it follows: with thousands of
 * directories busy at once, most are better left to the sweeper.
 */
const REST_MS = 10;
/** Hints that wait for their turn; more than these mean that the queue does not keep up, and are dropped. */
const MAX_WAITING = 1_000;

/** Opens the queue of wake-ups. Throws when neither or both of Redis and PostgreSQL are given, or the URL is malformed. */
export function createHintQueue(options: HintQueueOptions): HintQueue {
  const { logger } = options;
  const backend = openBackend(options);
  const watch = watchBackend(backend, logger);
  const counters = { hinted: 0, sent: 0, merged: 0, dropped: 0, failed: 0 };
  const workers: RunningWorker[] = [];
  const aborter = new AbortController();
  const count = (outcome: Outcome) => (counters[outcome] += 1);
  const adder = openAdder(backend, count);
  const coalescer = coalesceHints<Addition>(
    (addition) => adder.add(addition),
    () => count('merged'),
  );
  let closing: Promise<void> | undefined;

  async function close(deadlineMs: number): Promise<void> {
    const abort = setTimeout(() => aborter.abort(), deadlineMs / 2);
    let expire: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (expire = setTimeout(resolve, deadlineMs)));
    coalescer.flush();
    const ended = Promise.allSettled(workers.map((worker) => worker.close())).then(() => adder.close());
    await Promise.race([ended, deadline]);
    clearTimeout(abort);
    clearTimeout(expire);
    aborter.abort();
    watch.stop();
    backend.disconnect();
  }

  function send(job: JobName, key: string, data: JobData): void {
    counters.hinted += 1;
    if (closing || watch.status() === 'down') {
      counters.dropped += 1;
      return;
    }
    const slot = `${job} ${key}`;
    coalescer.push(slot, { slot, job, key, data });
  }

  function handle(job: JobName, concurrency: number, work: WorkSettings['handle']): void {
    const onFailure = () => (counters.failed += 1);
    workers.push(runWorker(backend, job, { handle: work, concurrency, logger, signal: aborter.signal, onFailure }));
  }

  return {
    drainDirectory: (directoryId) => send('drain-directory', directoryId, writeDirectory(directoryId)),
    deliverEndpoint: (endpoint) => send('deliver-endpoint', endpoint.endpointId, writeEndpoint(endpoint)),
    work: (handlers, { concurrency }) => {
      handle('drain-directory', concurrency, async (data, signal) =>
        handlers.drainDirectory(readDirectory(data), signal),
      );
      handle('deliver-endpoint', concurrency, async (data, signal) =>
        handlers.deliverEndpoint(readEndpoint(data), signal),
      );
    },
    status: () => watch.status(),
    counters: () => ({ ...counters }),
    close: (deadlineMs) => (closing ??= close(deadlineMs)),
  };
}

function openBackend({ redisUrl, keyPrefix, pool }: HintQueueOptions): Backend {
  if (redisUrl && !pool) return openRedisBackend(redisUrl, keyPrefix);
  if (pool && !redisUrl) return openPostgresBackend(pool);
  throw new Error('The hint queue needs either a Redis URL or a PostgreSQL pool.');
}

interface Addition {
  readonly job: JobName;
  /** Of those that wait for their turn, the last of each slot is added. */
  readonly slot: string;
  readonly key: string;
  readonly data: JobData;
}

type Outcome = 'sent' | 'merged' | 'dropped';

interface Adder {
  add(addition: Addition): void;
  close(): Promise<void>;
}

/** Adds jobs without anybody waiting for it, few at a time; of those that wait, the last of each slot. */
function openAdder(backend: Backend, count: (outcome: Outcome) => void): Adder {
  const queues = new Map<JobName, JobQueue>();
  const adds = new Set<Promise<void>>();
  const waiting = new Map<string, Addition>();
  let closing = false;

  async function add({ job, key, data }: Addition): Promise<void> {
    const queue = queues.get(job) ?? backend.openQueue(job);
    queues.set(job, queue);
    try {
      await queue.add(key, data);
      count('sent');
    } catch {
      count('dropped');
      // One that failed while it connected would fail for ever: BullMQ remembers the first outcome.
      if (queues.get(job) === queue) queues.delete(job);
      await queue.close().catch(() => undefined);
    }
  }

  function start(addition: Addition): void {
    const added = add(addition)
      .then(() => (waiting.size > 0 && !closing ? sleep(REST_MS) : undefined))
      .finally(() => {
        adds.delete(added);
        const [next] = waiting;
        if (!next) return;
        waiting.delete(next[0]);
        start(next[1]);
      });
    adds.add(added);
  }

  return {
    add: (addition) => {
      if (adds.size < MAX_ADDS) {
        start(addition);
        return;
      }
      const { slot } = addition;
      const isKnown = waiting.has(slot);
      if (isKnown) count('merged');
      if (isKnown || waiting.size < MAX_WAITING) waiting.set(slot, addition);
      else count('dropped');
    },
    close: async () => {
      closing = true;
      while (adds.size > 0) await Promise.all(adds);
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
    },
  };
}
