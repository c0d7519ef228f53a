import { join } from 'node:path';
import { migrateDatabase } from '@rollcall/database';
import { type Config, createLogger, onShutdown, readConfig } from '@rollcall/platform';
import { bootstrapOnce } from './bootstrap-once';
import { migrateQueue } from './migrate-queue';
import type { OpenDatabase } from './keep-embedded-postgres';
import { openDatabase } from './open-database';
import { resolveAddress } from './resolve-address';
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

/**
 * Runs the server until a signal ends it: takes the data directory, starts the database, brings it up to date, makes
 * the first environment of an empty one, and keeps ingress and worker running. Resolves when both serve.
 * Rejects with a StartError, ConfigError or AppError whose message says what to put right; nothing runs on then.
 */
export async function startServer(env: NodeJS.ProcessEnv, { apps, say }: ServerParts): Promise<void> {
  const given = readConfig(env);
  const logger = createLogger('start', { level: given.logLevel });
  let database: OpenDatabase | undefined;
  const processes: SupervisedProcess[] = [];
  const ending = new AbortController();

  async function stop(): Promise<void> {
    ending.abort();
    // What is starting comes to its next step first, so that nothing is left behind.
    await starting.catch(() => undefined);
    await Promise.all(processes.map((child) => child.stop(APPS_STOP_MS)));
    await database?.close();
  }

  async function start(): Promise<void> {
    database = await openDatabase(given, {
      logger,
      onMoved: () => void processes.map((child) => child.restart()),
      onTakenOver: (reason) => void fail(reason),
    });
    const config = await resolveAddress(given, { say, signal: ending.signal });
    ending.signal.throwIfAborted();
    const secretKey = config.secretKey ?? (await resolveSecretKey(config.dataDir));
    await migrateDatabase({ ownerUrl: database.ownerUrl });
    await migrateQueue(database.ownerUrl);
    ending.signal.throwIfAborted();
    await bootstrapOnce({ config, secretKey, ownerUrl: database.ownerUrl, say });
    const runtime = () => runtimeEnvironment(env, config, secretKey, database?.appUrl ?? '');
    for (const name of ['ingress', 'worker']) {
      ending.signal.throwIfAborted();
      const file = join(apps, name, 'main.js');
      processes.push(
        superviseProcess({ name, file, environment: runtime, logger, onHopeless: (why) => void fail(why) }),
      );
    }
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

/** What the applications get: everything of ours made concrete, and no credential that they do not need. */
function runtimeEnvironment(
  env: NodeJS.ProcessEnv,
  config: Config,
  secretKey: Buffer,
  databaseUrl: string,
): NodeJS.ProcessEnv {
  const { BOOTSTRAP_CLIENT_ID: _id, BOOTSTRAP_CLIENT_SECRET: _secret, ...rest } = env;
  return {
    ...rest,
    PORT: String(config.port),
    HOST: config.host,
    PUBLIC_URL: config.publicUrl,
    DATA_DIR: config.dataDir,
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey.toString('base64'),
  };
}

async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
