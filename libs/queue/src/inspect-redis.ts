import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { parseRedisUrl } from './parse-redis-url';

/** What one Redis server is like, as far as a queue depends on it. */
export interface RedisFacts {
  readonly version: string;
  readonly maxmemoryPolicy: string;
  /** 0: as much as the machine has. */
  readonly maxmemory: number;
  readonly isPersistent: boolean;
}

/** Asked once: whoever inspects waits. */
const ONCE: RedisOptions = {
  connectTimeout: 4_000,
  commandTimeout: 4_000,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
};

/**
 * Asks the Redis of `REDIS_URL` what it is: the master of a Sentinel set, every master of a Cluster. Rejects with a sentence that holds no
 * password when it cannot be reached.
 */
export async function inspectRedis(redisUrl: string): Promise<RedisFacts[]> {
  const target = parseRedisUrl(redisUrl);
  if (target.kind === 'single') return [await inspectOne(new Redis(target.url, { ...ONCE, lazyConnect: true }))];
  const { username, password } = target;
  if (target.kind === 'sentinel') {
    const { sentinels, name, db } = target;
    const options = { ...ONCE, username, password, sentinels: [...sentinels], name, db, lazyConnect: true };
    return [await inspectOne(new Redis({ ...options, sentinelRetryStrategy: () => null }))];
  }
  const redisOptions = { ...ONCE, username, password };
  const cluster = new Cluster([...target.nodes], { redisOptions, lazyConnect: true, clusterRetryStrategy: () => null });
  cluster.on('error', () => undefined);
  try {
    await cluster.connect();
    return await Promise.all(cluster.nodes('master').map(readFacts));
  } finally {
    cluster.disconnect();
  }
}

async function inspectOne(client: Redis): Promise<RedisFacts> {
  // Whoever waits for the connection is told only that it was closed.
  let reason: Error | undefined;
  client.on('error', (error: Error) => (reason = error));
  try {
    await client.connect();
    return await readFacts(client);
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}

async function readFacts(client: Redis): Promise<RedisFacts> {
  const lines = (await client.info()).split(/\r?\n/);
  const fields = new Map(lines.map((line) => line.split(':', 2) as [string, string | undefined]));
  const read = (name: string) => fields.get(name) ?? '';
  return {
    version: read('redis_version'),
    maxmemoryPolicy: read('maxmemory_policy'),
    maxmemory: Number(read('maxmemory')),
    isPersistent: read('aof_enabled') === '1',
  };
}
