import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { findFreePort } from './find-free-port';
import { isProcessAlive } from './is-process-alive';
import { StartError } from './start-error';
import { chooseServerUser, type ServerUser } from './choose-server-user';
import { claimOwnership } from './claim-ownership';
import { connectAdmin } from './connect-admin';
import { createCluster } from './create-cluster';
import { findPostgresBinaries } from './find-postgres-binaries';
import { disarmLeftOverPidFile, findPostmaster, type Postmaster } from './find-postmaster';
import { launchPostmaster, type LaunchedPostmaster } from './launch-postmaster';
import { APP_ROLE, DATABASE, OWNER_ROLE, prepareDatabase } from './prepare-database';
import { readServerSecrets, writeServerSecrets } from './server-secrets';

export interface EmbeddedPostgresOptions {
  /** The folder that holds `postgres/` (the cluster) and `postgres.log`; made when missing. */
  readonly dataDir: string;
  /** The folder of `initdb` and `postgres`; the packaged server of this platform when absent. */
  readonly binDir?: string;
  /** Server settings for a new cluster, over the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  readonly port: number;
  readonly pid: number;
  /** The superuser on the maintenance database `postgres`. */
  readonly adminUrl: string;
  /** `rollcall_owner`, who owns the database `rollcall`, and `rollcall_app`, as whom the applications run. */
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Whether the server was found running (its starter had been killed) rather than started. */
  readonly adopted: boolean;
  /** Resolves when the server is gone without stop(): start again, which also takes the ownership again. */
  readonly lost: Promise<void>;
  /** Shuts the server down, in two seconds where nothing else takes the machine; then the data directory is free. */
  stop(): Promise<void>;
}

/** Another process owns the data directory. */
export class DataDirInUseError extends StartError {
  override name = 'DataDirInUseError';

  constructor(dataDir: string) {
    super(`Another Rollcall is running on ${dataDir}: stop it or choose another DATA_DIR.`);
  }
}

/** For a machine of 2 to 8 cores that PostgreSQL shares with the applications. Durability is PostgreSQL's default: on. */
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Compiling a short query costs more than running it.
  jit: 'off',
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Statements and error details hold people's data, which no log may.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** How long a server may neither accept connections nor be seen to recover. */
const START_TIMEOUT_MS = 60_000;
const PATIENCE_WITH_OWNER_MS = 2_000;

/**
 * Starts PostgreSQL on `dataDir`, making the cluster, the database and its roles the first time, or takes over a server
 * that a killed process left running. One process owns a data directory at a time: throws a StartError while another
 * one does (a DataDirInUseError), and for whatever a person has to put right.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = await prepareServer(options);
  const { admin, postmaster, adopted } = await reachServer(server);
  const secrets = await readServerSecrets(server.clusterDir);
  let stopping = false;
  const lost = new Promise<void>((done) => admin.once('end', () => stopping || done()));
  try {
    if (!(await claimOwnership(admin, PATIENCE_WITH_OWNER_MS))) {
      throw new DataDirInUseError(server.dataDir);
    }
    await prepareDatabase(admin, secrets).catch(async (error: unknown) => {
      // Nobody else would stop what this process owns.
      await stopPostmaster(server.clusterDir, postmaster.pid);
      throw error;
    });
  } catch (error) {
    await admin.end();
    throw error;
  }
  const url = (role: string, password: string, database: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${postmaster.port}/${database}`;
  return {
    ...postmaster,
    adopted,
    lost,
    adminUrl: url('postgres', secrets.adminPassword, 'postgres'),
    ownerUrl: url(OWNER_ROLE, secrets.ownerPassword, DATABASE),
    appUrl: url(APP_ROLE, secrets.appPassword, DATABASE),
    stop: async () => {
      stopping = true;
      await stopPostmaster(server.clusterDir, postmaster.pid);
      await admin.end();
    },
  };
}

interface Server {
  readonly dataDir: string;
  readonly clusterDir: string;
  readonly program: string;
  readonly user: ServerUser;
}

async function prepareServer(options: EmbeddedPostgresOptions): Promise<Server> {
  await mkdir(resolve(options.dataDir), { recursive: true, mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`The folder DATA_DIR ${resolve(options.dataDir)} cannot be made: ${error.code}.`);
  });
  const dataDir = await realpath(options.dataDir);
  const clusterDir = join(dataDir, 'postgres');
  const binaries = await findPostgresBinaries(options.binDir);
  const user = await chooseServerUser(clusterDir, { program: binaries.postgres, folder: dataDir });
  await createCluster({ dataDir, clusterDir, binaries, user, settings: { ...SETTINGS, ...options.settings } });
  return { dataDir, clusterDir, program: binaries.postgres, user };
}

interface ReachedServer {
  readonly admin: Client;
  readonly postmaster: Postmaster;
  readonly adopted: boolean;
}

/**
 * Connects to the server that runs on the cluster, starting one as often as needed: the processes of a killed server
 * may take a while to go, another process may be starting or stopping it, and its port may have been taken.
 */
async function reachServer(server: Server): Promise<ReachedServer> {
  const { adminPassword } = await readServerSecrets(server.clusterDir);
  let launched: LaunchedPostmaster | undefined;
  let everLaunched = false;
  for (let deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(25)) {
    const postmaster = await findPostmaster(server.clusterDir);
    if (postmaster?.port) {
      const answer = await connectAdmin(postmaster.port, adminPassword, server.clusterDir);
      if (typeof answer === 'object') return { admin: answer, postmaster, adopted: !everLaunched };
      // Recovery after a crash may take long, and says so.
      if (answer === 'starting') deadline = Date.now() + START_TIMEOUT_MS;
      continue;
    }
    const complaint = launched?.complaint();
    if (complaint !== undefined) await waitOutObstacle(complaint);
    if (launched && complaint === undefined) continue;
    await disarmLeftOverPidFile(server.clusterDir);
    launched = launchPostmaster({ ...server, port: await choosePort(server), logFile: logFile(server) });
    everLaunched = true;
  }
  throw new StartError(`The embedded database did not start within a minute: see ${logFile(server)}.`);

  async function waitOutObstacle(complaint: string): Promise<void> {
    const passing = /lock file ".*" already exists|pre-existing shared memory block|could not (bind|create any)/;
    // A server that was stopped or killed from outside while it started complains of nothing.
    const ended = !/FATAL|PANIC|error/i.test(complaint);
    if (passing.test(complaint) || ended) await sleep(250);
    else throw new StartError(`The embedded database does not start: ${complaint.trim()}`);
  }
}

function logFile({ dataDir }: Server): string {
  return join(dataDir, 'postgres.log');
}

async function choosePort({ clusterDir, user }: Server): Promise<number> {
  const secrets = await readServerSecrets(clusterDir);
  const port = await findFreePort(secrets.port);
  if (port !== secrets.port) await writeServerSecrets(clusterDir, { ...secrets, port }, user);
  return port;
}

/**
 * Fast shutdown; immediate shutdown (which loses nothing, the next start recovers) when that takes too long: PostgreSQL itself
 * ends what resists that after five seconds.
 */
async function stopPostmaster(clusterDir: string, pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 1_000],
    ['SIGQUIT', 30_000],
  ] as const) {
    // Its process id may be somebody else's by now.
    if ((await findPostmaster(clusterDir))?.pid !== pid) return;
    process.kill(pid, signal);
    for (const end = Date.now() + patienceMs; Date.now() < end && isProcessAlive(pid);) await sleep(10);
  }
}
