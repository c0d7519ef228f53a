import { once } from 'node:events';
import type { Server } from 'node:http';
import { findFreePort } from '@rollcall/embedded-postgres';
import { APP_ROLE, createDataSource, REQUEST_STATEMENT_MS } from '@rollcall/database';
import type { ConnectOptions, DataSource } from '@rollcall/database';
import {
  ConfigError,
  configOfCell,
  createMetrics,
  deriveKeys,
  openTracing,
  operationsOfCells,
  withListeningPort,
} from '@rollcall/platform';
import type { Config, Metrics, Operations } from '@rollcall/platform';
import { LARGE_BODY_TIMES } from '../http/admit-large-bodies';
import { prepareClose } from '../http/close-server';
import { SECRET_HASHER } from '../http/context.module';
import { createPathReader } from '../http/create-http-adapter';
import { createOpaqueTokens } from '../management/paging/page-tokens';
import type { IngressOptions } from '../create-ingress';
import { warnOfPlainHttp } from '../start-ingress';
import type { RunningIngress } from '../start-ingress';
import { Cell } from './cell';
import type { CellOptions } from './cell';
import { copyAfterChanges } from './copy-after-changes';
import type { ConfigurationCopies } from './copy-after-changes';
import { createEnvironmentFinder } from './find-environment';
import { createAliasFinder } from './find-at-alias';
import { createPortalOwners } from './find-portal-owner';
import { dispatchRequests } from './dispatch-requests';
import type { Installation } from './installation';
import { openFront } from './open-front';
import { Placements } from './placements';
import { createOrganizationWriter } from './write-organizations';

/** Organizations are named one by one: more connections would only wait. */
const LOCK_CONNECTIONS = 4;

/**
 * Starts an ingress for organizations that live in several databases: an application for each of these cells, and in front of them the one
 * server that listens. Resolves when it does, which takes the control cell; the others may come later, or be away.
 * Throws ConfigError without SECRET_KEY, and what createIngress throws for the control cell.
 */
export async function startCells(given: Config, options: IngressOptions): Promise<RunningIngress> {
  const config = given.port === 0 ? withListeningPort(given, await findFreePort(0, given.host)) : given;
  const { logger } = options;
  const tracing = await openTracing(config.tracing, { service: 'rollcall-ingress', logger });
  const drain = createSignal();
  const [control, ...others] = openCells(config, options, { tracing, drained: drain.given });
  const placements = new Placements(control, [control, ...others], logger);
  const locks = createDataSource(locksOf(control));
  const closeCells = async () => {
    await placements.close();
    await Promise.all([control, ...others].map((cell) => cell.close()));
    if (locks.isInitialized) await locks.destroy();
    await tracing?.stop();
  };
  try {
    const cells = [control, ...others];
    const copies = copyAfterChanges({ control, cells });
    await control.join(copies.watch);
    await locks.initialize();
    await placements.watch();
    for (const cell of others) cell.joinBehind(control);
    const tokens = createOpaqueTokens(deriveKeys(control.config, 'page-token'));
    const environments = createEnvironmentFinder({ cells, placements }, control.config);
    const installation: Installation = { config, control, cells, placements, environments, tokens, logger };
    return await serveCells(installation, { options, locks, copies, drain, closeCells });
  } catch (error) {
    drain.give();
    await closeCells();
    throw error;
  }
}

interface Signal {
  given: Promise<void>;
  give(): void;
}

function createSignal(): Signal {
  let give = () => undefined as void;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

function openCells(
  config: Config,
  options: IngressOptions,
  ofProcess: Pick<CellOptions, 'tracing' | 'drained'>,
): [Cell, ...Cell[]] {
  const { secretKey } = config;
  if (!secretKey) throw new ConfigError('SECRET_KEY', 'is required to run the ingress by itself.');
  const [control, ...others] = config.cells.map((cell) => {
    const { name, databaseUrl } = cell;
    const ingress = { ...options, logger: options.logger.child({ cell: name }) };
    return new Cell({ name, config: { ...configOfCell(config, cell), databaseUrl, secretKey }, ingress, ...ofProcess });
  });
  if (control) return [control, ...others];
  throw new ConfigError('CELLS', 'is required to run an ingress over several databases.');
}

function locksOf({ config: { databaseUrl: url } }: Cell): ConnectOptions {
  return {
    url,
    role: APP_ROLE,
    poolSize: LOCK_CONNECTIONS,
    applicationName: 'rollcall-ingress-locks',
    statementMs: REQUEST_STATEMENT_MS,
  };
}

interface Serving {
  options: IngressOptions;
  locks: DataSource;
  copies: ConfigurationCopies;
  drain: Signal;
  closeCells: () => Promise<void>;
}

async function serveCells(
  installation: Installation,
  { options: { logger, largeBodyTimes = LARGE_BODY_TIMES }, locks, copies, drain, closeCells }: Serving,
): Promise<RunningIngress> {
  const { config, control } = installation;
  const metrics = createMetrics('ingress');
  const operations = tellOperations(installation, metrics);
  const front = await openFront({ config, logger, metrics, largeBodyTimes, operations });
  front.receive(
    dispatchRequests({
      installation,
      front,
      toPath: createPathReader(config.publicUrl),
      aliases: createAliasFinder(installation, control.app.get(SECRET_HASHER)),
      owners: createPortalOwners(installation),
      organizations: createOrganizationWriter(installation, locks),
      configure: copies.expect,
    }),
  );
  const closeServer = prepareClose(front.server);
  await listen(front.server, config.port, config.host);
  warnOfPlainHttp(config.publicUrl, logger);
  return {
    port: config.port,
    operations,
    stop: () =>
      closeServer(async () => {
        // At once, because the streams of its pages end with an application.
        const closing = closeCells();
        await front.close();
        drain.give();
        await closing;
      }),
  };
}

/** What the cells' applications tell, and the server in front of them. */
function tellOperations({ control, cells }: Installation, metrics: Metrics): Operations {
  const ofProcess = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name));
  const ofCells = operationsOfCells(
    () => cells.map((cell) => ({ cell: cell.name, operations: cell.isReady ? cell.operations : null })),
    { required: control.name },
  );
  return {
    readiness: () => ofCells.readiness(),
    series: async () => [
      ...(await ofCells.series()),
      ...(await metrics.series()).filter(({ name }) => !ofProcess.has(name)),
    ],
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}
