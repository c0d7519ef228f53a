import { join } from 'node:path';
import { hasCluster, StartError } from '@rollcall/embedded-postgres';
import {
  type Config,
  createLogger,
  type Logger,
  type Operations,
  onShutdown,
  type OperationsServer,
  readConfig,
  SECRET_VARIABLES,
  type Readiness,
  serveOperations,
} from '@rollcall/platform';
import type { OpenDatabase } from './keep-embedded-postgres';
import { openDatabase } from './open-database';
import { prepareCells } from './prepare-cells';
import { prepareDatabase } from './prepare-database';
import { refuseTakenPort, resolveAddress } from './resolve-address';
import { resolveSecretKey } from './resolve-secret-key';
import { superviseProcess, type SupervisedProcess } from './supervise-process';

export interface ServerParts {
  /** The folder of the built applications: `ingress/main.js` and `worker/main.js` are in it. */
  readonly apps: string;
  /** Tells the person at the terminal. */
  readonly say: (text: string) => void;
}

/** The applications have this long to finish; what remains of the promised 10 s is for the database. */
const APPS_STOP_MS = 8_300;
const STOP_MS = 9_800;
/** Where the server is operated when OPERATIONS_PORT does not say. */
const OPERATIONS_PORT = 9464;

/**
 * Runs the server until a signal ends it: takes the data directory, starts the database, brings it up to date, makes
 * the first environment of an empty one, and keeps ingress and worker running. Resolves when both serve.
 * Rejects with a StartError, ConfigError or AppError whose message says what to put right; nothing runs on then.
 */
export async function startServer(env: NodeJS.ProcessEnv, { apps, say }: ServerParts): Promise<void> {
  const given = readConfig(env);
  const logger = createLogger('start', { level: given.logLevel });
  let database: OpenDatabase | undefined;
  let operationsServer: OperationsServer | undefined;
  const ending = new AbortController();

  async function stop(): Promise<void> {
    ending.abort();
    // What is starting comes to its next step first, so that nothing is left behind.
    await starting.catch(() => undefined);
    await Promise.all(processes.map((child) => child.stop(APPS_STOP_MS)));
    await database?.close();
    operationsServer?.close();
  }

  async function start(): Promise<void> {
    // At once: to make a database takes a while. One that was there may be in use, which is what is to be said then.
    if (!given.databaseUrl && !(await hasCluster(given.dataDir))) await refuseTakenPort(given);
    database = await openDatabase(given, {
      logger,
      onMoved: () => void processes.map((child) => child.restart()),
      onTakenOver: (reason) => void fail(reason),
    });
    const config = await resolveAddress(given, { say, signal: ending.signal });
    operationsServer = await serveOperations(
      { host: given.operationsHost, port: given.operationsPort ?? OPERATIONS_PORT },
      joinOperations(processes.map((child) => child.operations)),
    );
    logger.info({ host: given.operationsHost, port: operationsServer.port }, 'operated at');
    ending.signal.throwIfAborted();
    const secretKey = config.secretKey ?? (await resolveSecretKey(config.dataDir));
    await prepareDatabase(database, { config, keys: { ...config, secretKey }, say });
    if (database.ownerUrl) await prepareCellsThere(config, logger);
    ending.signal.throwIfAborted();
    prepare(() => runtimeEnvironment(config, secretKey, database?.appUrl ?? ''));
    await Promise.race([Promise.all(processes.map((child) => child.ready)), aborted(ending.signal)]);
    say(
      `Rollcall is ready at ${config.publicUrl} (portal, API and SCIM; the API is described at ${config.publicUrl}/api/docs).`,
    );
  }

  async function fail(reason: string): Promise<void> {
    if (ending.signal.aborted) return;
    process.stderr.write(`${reason}\n`);
    await stop();
    process.exit(1);
  }

  const { processes, prepare } = loadApplications(env, { apps, logger, onHopeless: (why) => void fail(why) });
  const starting = start();
  onShutdown({ stop, deadlineMs: STOP_MS, signals: ['SIGTERM', 'SIGINT', 'SIGHUP'] });
  try {
    await starting;
  } catch (error) {
    // A signal during the start: its handler ends the process when everything has stopped.
    if (ending.signal.aborted) return;
    await stop();
    throw error;
  }
}

interface LoadingApplications {
  readonly processes: readonly SupervisedProcess[];
  /** Tells them what to run with, now and at each later start. */
  readonly prepare: (environment: () => NodeJS.ProcessEnv) => void;
}

/** Starts ingress and worker, which load their code, the longest part of a start, while the database is made ready for them. */
function loadApplications(
  env: NodeJS.ProcessEnv,
  { apps, logger, onHopeless }: { apps: string; logger: Logger; onHopeless: (reason: string) => void },
): LoadingApplications {
  let prepare: LoadingApplications['prepare'] = () => undefined;
  const prepared = new Promise<() => NodeJS.ProcessEnv>((resolve) => (prepare = resolve));
  const processes = ['ingress', 'worker'].map((name) =>
    superviseProcess({
      name,
      file: join(apps, name, 'main.js'),
      inherited: inheritedEnvironment(env),
      environment: async () => (await prepared)(),
      logger,
      onHopeless,
    }),
  );
  return { processes, prepare };
}

/** What the applications have from the beginning: everything but the credentials, of which they are told what they need. */
function inheritedEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const told = new Set(['BOOTSTRAP_CLIENT_ID', ...CREDENTIALS, ...CREDENTIALS.map((name) => `${name}_FILE`)]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !told.has(name)));
}

/** Those of the queue and of the mail server the applications read themselves. */
const CREDENTIALS = SECRET_VARIABLES.filter((name) => name !== 'REDIS_URL' && name !== 'SMTP_URL');

/** What the applications are told when all is prepared: everything of ours made concrete. */
function runtimeEnvironment(config: Config, secretKey: Buffer, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    PORT: String(config.port),
    HOST: config.host,
    PUBLIC_URL: config.publicUrl,
    DATA_DIR: config.dataDir,
    DATABASE_URL: databaseUrl,
    ...(config.databaseDirectUrl && { DATABASE_DIRECT_URL: config.databaseDirectUrl }),
    ...(config.cells.length > 0 && { CELLS: config.cells.map((cell) => `${cell.name}=${cell.databaseUrl}`).join(',') }),
    SECRET_KEY: secretKey.toString('base64'),
    SECRET_KEY_PREVIOUS: config.previousSecretKeys.map((key) => key.toString('base64')).join(','),
    DEVELOPMENT_MAILBOX: String(config.mail.transport === 'mailbox'),
  };
}

/** A cell that cannot be brought up to date now keeps nobody else waiting: the applications try it until it can be used. */
async function prepareCellsThere(config: Config, logger: Logger): Promise<void> {
  try {
    await prepareCells(config, (text) => logger.info(text));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    logger.error({ reason: error.message }, 'not every cell is up to date');
  }
}

/** Several processes as one: it is ready when each of them is. */
function joinOperations(parts: readonly Operations[]): Operations {
  return {
    readiness: async () => {
      const states = await Promise.all(parts.map((part) => part.readiness()));
      const degraded = [...new Set(states.flatMap((state) => state.degraded))];
      const unavailable: Readiness | undefined = states.find(({ status }) => status === 'unavailable');
      return unavailable ? { ...unavailable, degraded } : { status: 'ok', degraded };
    },
    series: async () => (await Promise.all(parts.map((part) => part.series()))).flat(),
  };
}

async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
