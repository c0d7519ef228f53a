import type { Pool, PoolClient } from 'pg';
import type { Metrics } from '@rollcall/platform';

/**
 * Declares the metrics of a process's pools, by the names given: connections in use and idle, how many there may be, callers that
 * wait, and how long those waited that found none free.
 */
export function watchPools(metrics: Metrics, pools: Readonly<Record<string, Pool>>): void {
  const named = Object.entries(pools);
  metrics.gauge(
    'rollcall_database_pool_connections',
    'Connections to PostgreSQL that are open, by pool and whether somebody uses them.',
    ['pool', 'state'],
    (gauge) => {
      for (const [pool, { totalCount, idleCount }] of named) {
        gauge.set({ pool, state: 'used' }, totalCount - idleCount);
        gauge.set({ pool, state: 'idle' }, idleCount);
      }
    },
  );
  metrics.gauge(
    'rollcall_database_pool_max_connections',
    'Connections to PostgreSQL that a pool may open.',
    ['pool'],
    (gauge) => {
      for (const [pool, { options }] of named) gauge.set({ pool }, options.max);
    },
  );
  metrics.gauge(
    'rollcall_database_pool_waiting',
    'Callers that wait for a connection of a pool now.',
    ['pool'],
    (gauge) => {
      // Who has come just now waits for a moment beside a free one.
      for (const [pool, { waitingCount, idleCount }] of named)
        gauge.set({ pool }, Math.max(0, waitingCount - idleCount));
    },
  );
  const waits = metrics.histogram(
    'rollcall_database_pool_wait_seconds',
    'How long callers waited for a connection of a pool, of those that found none free.',
    ['pool'],
  );
  for (const [name, pool] of named) measureWaits(pool, (seconds) => waits.observe({ pool: name }, seconds));
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: (error?: unknown) => void) => void;

/** Whoever asks a pool for a connection comes by `connect`, also the pool's own `query`. */
function measureWaits(pool: Pool, observe: (seconds: number) => void): void {
  const connect = pool.connect.bind(pool);
  function connectMeasured(): Promise<PoolClient>;
  function connectMeasured(connected: Connected): void;
  function connectMeasured(connected?: Connected): Promise<PoolClient> | void {
    if (pool.idleCount > 0) return connected ? connect(connected) : connect();
    const since = performance.now();
    const end = () => observe((performance.now() - since) / 1_000);
    if (!connected) return connect().finally(end);
    connect((error, client, release) => {
      end();
      connected(error, client, release);
    });
  }
  pool.connect = connectMeasured;
}
