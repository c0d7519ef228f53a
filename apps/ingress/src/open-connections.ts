import type { Config, Logger } from '@rollcall/platform';
import { GATHERING_POOL } from '@rollcall/scim-store';
import { createHintQueue } from '@rollcall/queue';
import type { HintQueue } from '@rollcall/queue';
import { APP_ROLE, createPool, openProbe, REQUEST_STATEMENT_MS } from '@rollcall/database';
import type { ConnectOptions, DatabaseProbe, Pool } from '@rollcall/database';

type ConnectedConfig = Config & { databaseUrl: string };

export interface Connections {
  /** For the data source. */
  database: ConnectOptions;
  queue: HintQueue;
  /** For the statements that SCIM calls share. */
  gathering: Pool;
  /** For /readyz. */
  probe: DatabaseProbe;
  closeConnections: () => Promise<void>;
}

/** Opens what an ingress reaches PostgreSQL and the queue by. Nothing is connected yet; the data source is opened by its module. */
export function openConnections(config: ConnectedConfig, logger: Logger): Connections {
  const { queue, closeQueue } = openHintQueue(config, logger);
  const gathering = openGathering(config.databaseUrl, logger);
  const probe = openProbe({ ...sessionsOf(config.databaseUrl), applicationName: 'rollcall-ingress-probe' });
  return {
    database: {
      ...sessionsOf(config.databaseUrl),
      poolSize: config.databasePoolSize ?? POOL_SIZE,
      applicationName: 'rollcall-ingress',
    },
    queue,
    gathering,
    probe,
    closeConnections: async () => void (await Promise.all([closeQueue(), gathering.end(), probe.end()])),
  };
}

/** Connections of an ingress beside those of the calls that share statements; README.md counts them all. */
const POOL_SIZE = 12;
/** The ingress only sends hints, so few connections do. */
const QUEUE_POOL_SIZE = 4;

function sessionsOf(databaseUrl: string): ConnectOptions {
  return { url: databaseUrl, role: APP_ROLE, statementMs: REQUEST_STATEMENT_MS };
}

/** The connections of the statements that SCIM calls share. */
function openGathering(databaseUrl: string, logger: Logger): Pool {
  return createPool({
    ...sessionsOf(databaseUrl),
    ...GATHERING_POOL,
    applicationName: 'rollcall-ingress-scim',
    onError: (error) => logger.warn({ err: error }, 'database connection lost'),
  });
}

const QUEUE_CLOSE_MS = 2_000;

function openHintQueue(
  { redisUrl, databaseUrl, queuePoolSize = QUEUE_POOL_SIZE }: ConnectedConfig,
  logger: Logger,
): { queue: HintQueue; closeQueue: () => Promise<void> } {
  const pool = redisUrl
    ? undefined
    : createPool({
        ...sessionsOf(databaseUrl),
        poolSize: queuePoolSize,
        applicationName: 'rollcall-ingress-queue',
        onError: (error) => logger.warn({ err: error }, 'queue connection lost'),
      });
  const queue = createHintQueue({ ...(redisUrl ? { redisUrl } : { pool }), logger });
  return {
    queue,
    closeQueue: async () => {
      await queue.close(QUEUE_CLOSE_MS);
      await pool?.end();
    },
  };
}
