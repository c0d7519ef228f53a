import { NestFactory } from '@nestjs/core';
import { createEgressClient, listOwnAddresses } from '@rollcall/egress';
import { ConfigError, createMetrics, createSealer, openTracing, readiness } from '@rollcall/platform';
import type { Config, Logger, Operations, Readiness } from '@rollcall/platform';
import { createHintQueue, watchQueue } from '@rollcall/queue';
import type { HintQueue } from '@rollcall/queue';
import {
  APP_ROLE,
  checkRuntimeLogin,
  createPool,
  DataSource,
  openProbe,
  poolOf,
  watchPools,
  WORK_STATEMENT_MS,
} from '@rollcall/database';
import type { DatabaseProbe } from '@rollcall/database';
import { watchBacklog, watchDrainLag } from '@rollcall/pipeline-store';
import type { DrainLag } from '@rollcall/pipeline-store';
import { IN_FLIGHT_LIMITS } from '@rollcall/webhooks';
import { measureWork } from './measure-work';
import { createMailSender } from './mail/create-mail-sender';
import { WorkerModule } from './worker.module';
import { WORKER_POOL_SIZE } from './share-connections';

/** Each of the queue's two kinds of jobs keeps a connection to itself. README.md counts all connections. */
const QUEUE_POOL_SIZE = 8;

export interface RunningWorker {
  operations: Operations;
  /** Takes no new work, gives leases back, closes the pools. */
  stop(): Promise<void>;
}

/**
 * Starts the worker. Resolves when it works. Throws ConfigError without DATABASE_URL or SECRET_KEY, and what
 * checkRuntimeLogin and checkDatabase throw.
 */
export async function startWorker(config: Config, logger: Logger): Promise<RunningWorker> {
  const { databaseUrl, databaseDirectUrl, secretKey, previousSecretKeys, redisUrl, queuePrefix } = config;
  const { databasePoolSize = WORKER_POOL_SIZE, queuePoolSize = QUEUE_POOL_SIZE } = config;
  if (!databaseUrl)
    throw new ConfigError('DATABASE_URL', 'is required to run the worker by itself; `npm start` brings its own.');
  if (!secretKey) throw new ConfigError('SECRET_KEY', 'is required to run the worker by itself.');

  const isPooled = databaseDirectUrl !== undefined;
  await checkRuntimeLogin(databaseUrl, isPooled);
  const metrics = createMetrics('worker');
  const connection = { url: databaseUrl, isPooled, role: APP_ROLE, statementMs: WORK_STATEMENT_MS };
  const queuePool = redisUrl
    ? undefined
    : createPool({
        ...connection,
        // The queue listens, which no pooler in transaction mode passes on.
        ...(databaseDirectUrl && { url: databaseDirectUrl, isPooled: false }),
        poolSize: queuePoolSize,
        applicationName: 'rollcall-worker-queue',
        onError: (error) => logger.warn({ err: error }, 'queue connection lost'),
      });
  const queue = createHintQueue({ ...(redisUrl ? { redisUrl, keyPrefix: queuePrefix } : { pool: queuePool }), logger });
  const egress = createEgressClient({
    allowPrivateTargets: config.allowPrivateWebhookTargets,
    ownAddresses: listOwnAddresses(),
    ownHostnames: [new URL(config.publicUrl).hostname],
    // Endpoints of different owners may be at one origin: the shares of what is on the way are the limit, and not the connections.
    connectionsPerOrigin: IN_FLIGHT_LIMITS.total,
  });
  const tracing = await openTracing(config.tracing, { service: 'rollcall-worker', logger });
  const mailSender = await createMailSender(config.mail);
  const app = await NestFactory.createApplicationContext(
    WorkerModule.forRoot({
      config: { ...config, secretKey },
      logger,
      queue,
      egress,
      sealer: createSealer({ secretKey, previousSecretKeys }),
      mailSender,
      meter: measureWork(metrics),
      tracing,
      database: { ...connection, poolSize: databasePoolSize, applicationName: 'rollcall-worker' },
    }),
    { logger: false, abortOnError: false },
  );
  const probe = openProbe({ ...connection, applicationName: 'rollcall-worker-probe' });
  const dataSource = app.get(DataSource);
  const lag = watchDrainLag(dataSource, metrics);
  watchBacklog(dataSource, metrics);
  watchPools(metrics, { work: poolOf(dataSource), ...(queuePool && { queue: queuePool }) });
  watchQueue(metrics, queue);
  return {
    operations: { readiness: () => readReadiness({ probe, queue, lag }), series: () => metrics.series() },
    stop: async () => {
      await app.close();
      mailSender?.close();
      await Promise.all([egress.close(), queuePool?.end(), probe.end(), tracing?.stop()]);
    },
  };
}

interface Parts {
  probe: DatabaseProbe;
  queue: HintQueue;
  lag: DrainLag;
}

async function readReadiness({ probe, queue, lag }: Parts): Promise<Readiness> {
  const isUp = await probe.answers();
  return readiness([
    { name: 'database', required: true, up: isUp },
    { name: 'queue', required: false, up: queue.status() === 'ok' },
    { name: 'events', required: false, up: !isUp || !(await lag.isLate()) },
  ]);
}
