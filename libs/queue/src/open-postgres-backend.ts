import { createPostgresBackend, Queue, Worker, type PgPool, type PgPoolClient } from 'bullmq';
import { jobOptions, QUEUE_OPTIONS, WORKER_OPTIONS, type Backend } from './backend';
import type { JobData } from './wake-ups';

/**
 * BullMQ on PostgreSQL, through a pool that is only the queue's: its connections look up names in the schema `bullmq`.
 * Each worker keeps one connection of it to itself.
 */
export function openPostgresBackend(pool: PgPool): Backend {
  const { connection, releaseAll } = inQueueSchema(pool);
  return {
    name: 'postgresql',
    openQueue: (job) => {
      const queue = new Queue(job, { ...QUEUE_OPTIONS, connection }, createPostgresBackend);
      queue.on('error', ignore);
      return {
        add: async (key, data) => void (await queue.add(job, data, jobOptions(key))),
        close: () => queue.close(),
      };
    },
    openWorker: (job, { process, concurrency, onError }) => {
      const worker = new Worker<JobData, void, string, ReturnType<typeof createPostgresBackend>, object, PgPool>(
        job,
        process,
        { ...WORKER_OPTIONS, connection, concurrency },
        createPostgresBackend,
      );
      worker.on('error', onError);
      return { waitUntilReady: () => worker.waitUntilReady(), close: () => worker.close() };
    },
    ping: () => connection.query('select 1 from migration limit 1'),
    disconnect: releaseAll,
  };
}

/**
 * The pool with every connection switched to the queue's schema before its first use, and a way to take back those that
 * are out, without which its owner could not end it.
 */
function inQueueSchema(pool: PgPool): { connection: PgPool; releaseAll: () => void } {
  const switched = new WeakSet<PgPoolClient>();
  const out = new Set<PgPoolClient>();

  async function connect(): Promise<PgPoolClient> {
    const client = await pool.connect();
    const release = client.release.bind(client);
    out.add(client);
    client.release = (destroy) => {
      if (out.delete(client)) release(destroy);
    };
    if (switched.has(client)) return client;
    // One that is lost between two statements says so by an event, which ends the process unless somebody listens.
    client.on('error', ignore);
    try {
      // What a crash of the server takes from the queue are hints, which the sweeps give again: no commit of it waits for the disk.
      await client.query('set search_path = bullmq; set synchronous_commit = off');
      switched.add(client);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  const connection: PgPool = {
    connect,
    query: async (text, params) => {
      const client = await connect();
      try {
        return await client.query(text, params);
      } finally {
        client.release();
      }
    },
    end: async () => undefined,
    on: (event: 'error' | 'connect', listener: (value: never) => void) => {
      pool.on(event as 'error', listener as (error: Error) => void);
      return connection;
    },
    removeAllListeners: () => connection,
  };
  return { connection, releaseAll: () => [...out].forEach((client) => client.release(true)) };
}

function ignore(): void {}
