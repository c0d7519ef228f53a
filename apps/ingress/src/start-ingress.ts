import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createEgressClient, listOwnAddresses } from '@rollcall/egress';
import type { EgressClient } from '@rollcall/egress';
import { findFreePort } from '@rollcall/embedded-postgres';
import {
  ConfigError,
  createMetrics,
  createSealer,
  openTracing,
  systemClock,
  withListeningPort,
} from '@rollcall/platform';
import type { Config, Logger, Operations, Sealer, SecretKeys } from '@rollcall/platform';
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
import { prepareClose } from './http/close-server';
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

export interface RunningIngress {
  port: number;
  operations: Operations;
  /** Stops accepting, finishes what is in flight, closes the pools. */
  stop(): Promise<void>;
}

/**
 * Starts the ingress: SCIM, management API, the portal's API and its pages on one port. Resolves when it listens.
 * Throws ConfigError without DATABASE_URL or SECRET_KEY, and what checkRuntimeLogin and checkDatabase throw.
 */
export async function startIngress(
  given: Config,
  { logger, portalFolder, docsFolder, largeBodyTimes = LARGE_BODY_TIMES, streamPace = PACE }: IngressOptions,
): Promise<RunningIngress> {
  const config = given.port === 0 ? withListeningPort(given, await findFreePort(0, given.host)) : given;
  const { databaseUrl, secretKey } = config;
  if (!databaseUrl)
    throw new ConfigError('DATABASE_URL', 'is required to run the ingress by itself; `npm start` brings its own.');
  if (!secretKey) throw new ConfigError('SECRET_KEY', 'is required to run the ingress by itself.');

  await checkRuntimeLogin(databaseUrl, config.databaseDirectUrl !== undefined);
  const metrics = createMetrics('ingress');
  const egress = openEgress(config);
  const opened = openConnections({ ...config, databaseUrl }, { logger, metrics });
  const { closeConnections, watchPools, ...connections } = opened;
  const tracing = await openTracing(config.tracing, { service: 'rollcall-ingress', logger });
  const closeClients = () => Promise.all([egress.close(), closeConnections(), tracing?.stop()]);
  const adapter = createHttpAdapter({ config, logger, metrics, largeBodyTimes, tracing });
  let findFraming: FindFraming = () => Promise.resolve([]);
  await servePages(adapter, { portalFolder, docsFolder }, config, (request) => findFraming(request));
  const sealer = createSealer({ ...config, secretKey });
  const pepper = createLateKey();
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot({
      config: { ...config, databaseUrl, secretKey },
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
  const closeServer = prepareClose(app.getHttpServer());
  try {
    pepper.set(await joinDatabase(app.get(DataSource), { keys: { ...config, secretKey }, sealer, logger }));
    limitAddresses(app);
    recordScimRequests(app);
    authenticateScim(app);
    serveOpenApi(app, config.publicUrl);
    await app.listen(config.port, config.host);
    warnOfPlainHttp(config.publicUrl, logger);
  } catch (error) {
    await app.close();
    await closeClients();
    throw error;
  }
  return {
    port: config.port,
    operations: { readiness: () => app.get(HealthController).readiness(), series: () => metrics.series() },
    stop: async () => {
      await closeServer(() => app.close());
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

/** Whoever listens between a browser and this server reads the cookies of plain http. */
function warnOfPlainHttp(publicUrl: string, logger: Logger): void {
  if (publicUrl.startsWith('https:')) return;
  logger.warn(
    { publicUrl },
    'PUBLIC_URL is plain http: cookies of the dashboard and the portal go without Secure. Use https for anything but this machine.',
  );
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
