import { Queue, Worker } from 'bullmq';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { jobOptions, QUEUE_OPTIONS, WORKER_OPTIONS, type Backend } from './backend';
import { parseRedisUrl, type RedisTarget } from './parse-redis-url';
import type { JobData } from './wake-ups';

const reconnectDelay = (times: number) => Math.min(times * 100, 1_000);

/**
 * For adding hints: fails at once rather than wait, because whoever adds does not wait either. A connection on which nothing
 * arrives any more is made anew: it is asked every second, so it is never quiet for so long.
 */
const ADDING: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 2_000,
  socketTimeout: 5_000,
};

/** For working: waits for Redis to come back, and notices a connection on which nothing arrives any more. */
const WORKING: RedisOptions = { maxRetriesPerRequest: null, socketTimeout: 20_000 };

/**
 * BullMQ on Redis, a Sentinel set or a Cluster. The prefix of each queue is one hash tag, so that a queue's keys lie on
 * one node of a Cluster and the queues on several. Queues of another key prefix are other queues.
 */
export function openRedisBackend(redisUrl: string, keyPrefix = 'rollcall'): Backend {
  const target = parseRedisUrl(redisUrl);
  const adding = connect(target, ADDING);
  const connections = [adding];
  const prefix = (job: string) => `{${keyPrefix}:${job}}`;
  return {
    name: 'redis',
    openQueue: (job) => {
      const queue = new Queue<JobData>(job, {
        ...QUEUE_OPTIONS,
        connection: adding,
        prefix: prefix(job),
        skipWaitingForReady: true,
      });
      queue.on('error', ignore);
      return {
        add: async (key, data) => void (await queue.add(job, data, jobOptions(key))),
        close: () => queue.close(),
      };
    },
    openWorker: (job, { process, concurrency, onError }) => {
      const connection = connect(target, WORKING);
      connections.push(connection);
      const worker = new Worker<JobData, void>(job, process, {
        ...WORKER_OPTIONS,
        connection,
        prefix: prefix(job),
        concurrency,
      });
      worker.on('error', onError);
      return {
        waitUntilReady: () => worker.waitUntilReady(),
        close: async () => {
          await worker.close();
          connection.disconnect();
        },
      };
    },
    ping: () => adding.ping(),
    disconnect: () => connections.forEach((connection) => connection.disconnect()),
  };
}

function connect(target: RedisTarget, purpose: RedisOptions): Redis | Cluster {
  const client = open(target, purpose);
  // Reported by the failing ping; without a listener ioredis prints each attempt to reconnect.
  client.on('error', ignore);
  return client;
}

function open(target: RedisTarget, purpose: RedisOptions): Redis | Cluster {
  const options = { ...purpose, retryStrategy: reconnectDelay, keepAlive: 10_000 };
  if (target.kind === 'single') return new Redis(target.url, options);
  const { username, password } = target;
  if (target.kind === 'cluster') {
    return new Cluster([...target.nodes], {
      redisOptions: { ...options, username, password },
      enableOfflineQueue: purpose.enableOfflineQueue ?? true,
      clusterRetryStrategy: reconnectDelay,
    });
  }
  const { sentinels, name, db } = target;
  return new Redis({
    ...options,
    sentinels: [...sentinels],
    name,
    db,
    username,
    password,
    sentinelRetryStrategy: reconnectDelay,
  });
}

function ignore(): void {}
