import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createEgressClient, listOwnAddresses } from '@rollcall/egress';
import type { EgressClient } from '@rollcall/egress';
import { createSealer, systemClock } from '@rollcall/platform';
import type { Config, Logger, Metrics, Operations, Sealer, SecretKeys, Tracing } from '@rollcall/platform';
import {
  checkDatabase,
  checkRuntimeLogin,
  DataSource,
  describeMove,
  openSecretPepper,
  poolOf,
} from '@rollcall/database';
import { AppModule } from './app.module';
import { LARGE_BODY_TIMES } from './http/admit-large-bodies';
import type { LargeBodyTimes } from './http/admit-large-bodies';
import type { IngressConfig } from './http/context.module';
import { createHttpAdapter } from './http/create-http-adapter';
import { HealthController } from './http/health.controller';
import { limitAddresses } from './http/limit-addresses';
import { serveDocs } from './http/serve-docs';
import { servePortal } from './http/serve-portal';
import { PACE } from './http/stream-at-pace';
import type { Pace } from './http/stream-at-pace';
import { openConnections } from './open-connections';
import { serveOpenApi } from './openapi/serve-openapi';
import { createFraming } from './portal-api/find-framing';
import type { FindFraming } from './portal-api/find-framing';
import { authenticateScim } from './scim/auth/authenticate-scim';
import { recordScimRequests } from './scim/requests/record-requests';

export interface IngressOptions {
  logger: Logger;
  /** Folder with the built portal (`index.html`, `assets/`); it may be missing. */
  portalFolder: string;
  /** Folder with the built documentation; it may be missing. */
  docsFolder?: string;
  largeBodyTimes?: LargeBodyTimes;
  /** What a reader of a snapshot has to keep up with; for tests, which do not wait for so long. */
  streamPace?: Pace;
}

/** What an application is told of the process that it is in. */
export interface ProcessTools {
  metrics: Metrics;
  /** Null: no traces are made. */
  tracing: Tracing | null;
}

/** A whole ingress over one database that does not listen yet. */
export interface IngressApplication {
  app: NestFastifyApplication;
  operations: Operations;
  /** Ends the application, which finishes what is in flight, then its connections. */
  close: () => Promise<void>;
}

/**
 * Makes the ingress over one database: SCIM, management API, the portal's API and its pages. Whoever has it lets it listen, or hands it
 * its requests. Throws what checkRuntimeLogin and checkDatabase throw; then nothing of it is left open.
 */
export async function createIngress(
  config: IngressConfig,
  { logger, portalFolder, docsFolder, largeBodyTimes = LARGE_BODY_TIMES, streamPace = PACE }: IngressOptions,
  { metrics, tracing }: ProcessTools,
): Promise<IngressApplication> {
  await checkRuntimeLogin(config.databaseUrl, config.databaseDirectUrl !== undefined);
  const egress = openEgress(config);
  const { closeConnections, watchPools, ...connections } = openConnections(config, { logger, metrics });
  const closeClients = async () => void (await Promise.all([egress.close(), closeConnections()]));
  let app: NestFastifyApplication | undefined;
  try {
    const adapter = createHttpAdapter({ config, logger, metrics, largeBodyTimes, tracing });
    let findFraming: FindFraming = () => Promise.resolve([]);
    await servePages(adapter, { portalFolder, docsFolder }, config, (request) => findFraming(request));
    const sealer = createSealer(config);
    const pepper = createLateKey();
    app = await NestFactory.create<NestFastifyApplication>(
      AppModule.forRoot({
        config,
        logger,
        metrics,
        sealer,
        pepper: pepper.read,
        egress,
        ...connections,
        streamPace,
      }),
      adapter,
      { logger: false, abortOnError: false, bodyParser: false },
    );
    watchPools(poolOf(app.get(DataSource)));
    findFraming = createFraming(app.get(DataSource), { publicUrl: config.publicUrl, clock: systemClock });
    pepper.set(await joinDatabase(app.get(DataSource), { keys: config, sealer, logger }));
    limitAddresses(app);
    recordScimRequests(app);
    authenticateScim(app);
    serveOpenApi(app, config.publicUrl);
    return describe(app, metrics, closeClients);
  } catch (error) {
    await app?.close();
    await closeClients();
    throw error;
  }
}

function describe(
  app: NestFastifyApplication,
  metrics: Metrics,
  closeClients: () => Promise<void>,
): IngressApplication {
  return {
    app,
    operations: { readiness: () => app.get(HealthController).readiness(), series: () => metrics.series() },
    close: async () => {
      await app.close();
      await closeClients();
    },
  };
}

/** What browsers get of the built folders; the routes of the application come after it. */
async function servePages(
  adapter: ReturnType<typeof createHttpAdapter>,
  { portalFolder, docsFolder }: Pick<IngressOptions, 'portalFolder' | 'docsFolder'>,
  { publicUrl }: Config,
  findFraming: FindFraming,
): Promise<void> {
  const server = adapter.getInstance();
  await servePortal(server, { folder: portalFolder, findFraming });
  await serveDocs(server, { folder: docsFolder, publicUrl });
}

/** The way out to addresses that customers chose, which are none of this server's. */
function openEgress(config: Config): EgressClient {
  return createEgressClient({
    allowPrivateTargets: config.allowPrivateWebhookTargets,
    ownAddresses: listOwnAddresses(),
    ownHostnames: [new URL(config.publicUrl).hostname],
  });
}

/** A key that is known once the database has been joined, which is before the first request. */
function createLateKey(): { read: () => Buffer; set: (key: Buffer) => void } {
  let known: Buffer | undefined;
  return {
    set: (key) => (known = key),
    read: () => {
      if (!known) throw new Error('the key is not known yet');
      return known;
    },
  };
}

/** Makes sure that this program and its secret keys fit the database. Returns the key of generated secrets' hashes. */
async function joinDatabase(
  dataSource: DataSource,
  { keys, sealer, logger }: { keys: SecretKeys; sealer: Sealer; logger: Logger },
): Promise<Buffer> {
  await checkDatabase(dataSource, keys);
  const move = await describeMove(dataSource);
  if (move) logger.warn(move);
  return openSecretPepper(dataSource, sealer);
}
