import { NestFactory } from '@nestjs/core';
import { createEgressClient, listOwnAddresses } from '@rollcall/egress';
import { ConfigError, createMetrics, createSealer, readiness } from '@rollcall/platform';
import type { Config, Logger, Operations, Readiness } from '@rollcall/platform';
import { createHintQueue } from '@rollcall/queue';
import type { HintQueue } from '@rollcall/queue';
import { APP_ROLE, createPool, databaseAnswers, DataSource } from '@rollcall/database';
import { IN_FLIGHT_LIMITS } from '@rollcall/webhooks';
import { WorkerModule } from './worker.module';
import { WORKER_POOL_SIZE } from './worker.service';

export interface RunningWorker {
  operations: Operations;
  /** Takes no new work, gives leases back, closes the pools. */
  stop(): Promise<void>;
}

/**
 * Starts the worker. Resolves when it works. Throws ConfigError without DATABASE_URL or SECRET_KEY, AppError when the database
 * belongs to another key.
 */
export async function startWorker(config: Config, logger: Logger): Promise<RunningWorker> {
  const { databaseUrl, secretKey, previousSecretKeys, redisUrl } = config;
  if (!databaseUrl)
    throw new ConfigError('DATABASE_URL', 'is required to run the worker by itself; `npm start` brings its own.');
  if (!secretKey) throw new ConfigError('SECRET_KEY', 'is required to run the worker by itself.');

  const connection = { url: databaseUrl, role: APP_ROLE };
  const queuePool = redisUrl
    ? undefined
    : createPool({
        ...connection,
        applicationName: 'rollcall-worker-queue',
        onError: (error) => logger.warn({ err: error }, 'queue connection lost'),
      });
  const queue = createHintQueue({ ...(redisUrl ? { redisUrl } : { pool: queuePool }), logger });
  const egress = createEgressClient({
    allowPrivateTargets: config.allowPrivateWebhookTargets,
    ownAddresses: listOwnAddresses(),
    ownHostnames: [new URL(config.publicUrl).hostname],
    // Endpoints of different owners may be at one origin: the shares of what is on the way are the limit, and not the connections.
    connectionsPerOrigin: IN_FLIGHT_LIMITS.total,
  });
  const app = await NestFactory.createApplicationContext(
    WorkerModule.forRoot({
      config,
      logger,
      queue,
      egress,
      sealer: createSealer({ secretKey, previousSecretKeys }),
      database: { ...connection, poolSize: WORKER_POOL_SIZE, applicationName: 'rollcall-worker' },
    }),
    { logger: false, abortOnError: false },
  );
  const metrics = createMetrics('worker');
  return {
    operations: { readiness: () => readReadiness(app.get(DataSource), queue), series: () => metrics.series() },
    stop: async () => {
      await app.close();
      await Promise.all([egress.close(), queuePool?.end()]);
    },
  };
}

async function readReadiness(dataSource: DataSource, queue: HintQueue): Promise<Readiness> {
  return readiness([
    { name: 'database', required: true, up: await databaseAnswers(dataSource) },
    { name: 'queue', required: false, up: queue.status() === 'ok' },
  ]);
}
