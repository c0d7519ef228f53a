import type { Config, Logger, Metrics } from '@rollcall/platform';
import { GATHERING_POOL } from '@rollcall/scim-store';
import { createHintQueue, watchQueue } from '@rollcall/queue';
import type { HintQueue } from '@rollcall/queue';
import { APP_ROLE, createPool, openProbe, REQUEST_STATEMENT_MS, watchPools } from '@rollcall/database';
import type { ConnectOptions, DatabaseProbe, Pool } from '@rollcall/database';
import { SCIM_CONNECTIONS, shareTurns } from './share-connections';
import type { Turns } from './share-connections';

type ConnectedConfig = Config & { databaseUrl: string };

export interface Connections {
  /** For the data source. */
  database: ConnectOptions;
  queue: HintQueue;
  /** The turns that environments have at the data source's connections. */
  turns: Turns;
  scimPools: ScimPools;
  /** For /readyz. */
  probe: DatabaseProbe;
  /** Declares the metrics of all pools; `api` is the data source's. */
  watchPools: (api: Pool) => void;
  closeConnections: () => Promise<void>;
}

/** Connections of SCIM by what they are for: work of one kind never waits for work of another. */
export interface ScimPools {
  /** The statements that SCIM calls share; no transaction of one request alone runs there. */
  gathering: Pool;
  /** All other calls. */
  alone: Pool;
  /** Searches that look at every resource of a directory. */
  searches: Pool;
}

/** Opens what an ingress reaches PostgreSQL and the queue by. Nothing is connected yet; the data source is opened by its module. */
export function openConnections(
  config: ConnectedConfig,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Connections {
  const { queue, queuePool, closeQueue } = openHintQueue(config, logger);
  watchQueue(metrics, queue);
  const scimPools = openScimPools(config, logger);
  const poolSize = config.databasePoolSize ?? POOL_SIZE;
  const probe = openProbe({ ...sessionsOf(config), applicationName: 'rollcall-ingress-probe' });
  return {
    database: {
      ...sessionsOf(config),
      poolSize,
      applicationName: 'rollcall-ingress',
    },
    queue,
    turns: shareTurns(poolSize),
    scimPools,
    watchPools: (api) => {
      const { gathering, alone, searches } = scimPools;
      const scim = { scim: gathering, scim_alone: alone, scim_search: searches };
      watchPools(metrics, { api, ...scim, ...(queuePool && { queue: queuePool }) });
    },
    probe,
    closeConnections: async () => {
      await Promise.all([closeQueue(), probe.end(), ...Object.values(scimPools).map((pool: Pool) => pool.end())]);
    },
  };
}

/** Connections for the management API, the portal and sign-in; README.md counts them all. */
const POOL_SIZE = 12;
/** The ingress only sends hints, so few connections do. */
const QUEUE_POOL_SIZE = 4;

function sessionsOf({ databaseUrl, databaseDirectUrl }: ConnectedConfig): ConnectOptions {
  const isPooled = databaseDirectUrl !== undefined;
  return { url: databaseUrl, isPooled, role: APP_ROLE, statementMs: REQUEST_STATEMENT_MS };
}

function openScimPools(config: ConnectedConfig, logger: Logger): ScimPools {
  const open = (applicationName: string, options: Partial<ConnectOptions>) =>
    createPool({
      ...sessionsOf(config),
      ...options,
      applicationName,
      onError: (error) => logger.warn({ err: error }, 'database connection lost'),
    });
  return {
    gathering: open('rollcall-ingress-scim', GATHERING_POOL),
    alone: open('rollcall-ingress-scim-alone', { poolSize: SCIM_CONNECTIONS.alone }),
    searches: open('rollcall-ingress-scim-search', { poolSize: SCIM_CONNECTIONS.searches }),
  };
}

const QUEUE_CLOSE_MS = 2_000;

function openHintQueue(
  config: ConnectedConfig,
  logger: Logger,
): { queue: HintQueue; queuePool: Pool | undefined; closeQueue: () => Promise<void> } {
  const { redisUrl, queuePrefix, databaseUrl, databaseDirectUrl, queuePoolSize = QUEUE_POOL_SIZE } = config;
  const pool = redisUrl
    ? undefined
    : createPool({
        // The queue listens, which no pooler in transaction mode passes on.
        ...sessionsOf({ ...config, databaseUrl: databaseDirectUrl ?? databaseUrl, databaseDirectUrl: undefined }),
        poolSize: queuePoolSize,
        applicationName: 'rollcall-ingress-queue',
        onError: (error) => logger.warn({ err: error }, 'queue connection lost'),
      });
  const queue = createHintQueue({ ...(redisUrl ? { redisUrl, keyPrefix: queuePrefix } : { pool }), logger });
  return {
    queue,
    queuePool: pool,
    closeQueue: async () => {
      await queue.close(QUEUE_CLOSE_MS);
      await pool?.end();
    },
  };
}
