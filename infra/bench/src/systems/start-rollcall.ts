import { APP_ROLE } from '@rollcall/database';
import { FEW_ARENAS } from '@rollcall/platform';
import type { BenchDatabase } from './start-database';
import { createRollcallDatabase } from './rollcall-database';
import type { RollcallDatabase } from './rollcall-database';
import { startProgram } from './start-program';
import type { Program } from './start-program';
import type { Directory, ScimSystem } from './scim-system';

/** Rollcall as it is deployed: the built ingress and, when wanted, a worker, on a database of their own. */
export interface RollcallSystem extends ScimSystem {
  database: RollcallDatabase;
  baseUrl: string;
  ingress: Program;
  worker: Program | null;
  /** A directory of the database as a client sees it. */
  openDirectory(directoryId: string): Directory;
  /** The variables that a worker of this system is started with. */
  workerEnv: NodeJS.ProcessEnv;
}

export interface RollcallOptions {
  name?: string;
  /** Whether a worker runs too. */
  worker?: boolean;
  /** A folder for CPU profiles of the ingress, written when it stops. */
  profileFolder?: string;
  /** More variables for both processes. */
  env?: NodeJS.ProcessEnv;
  /** Where the built programs are. */
  programs?: string;
}

/** Where the build puts what is measured. */
export const PROGRAMS = 'dist';
const INGRESS_FILE = 'apps/ingress/main.js';
const WORKER_FILE = 'apps/worker/main.js';

/** The built programs. */
export const INGRESS = `${PROGRAMS}/${INGRESS_FILE}`;
export const WORKER = `${PROGRAMS}/${WORKER_FILE}`;

/** What both are started with. */
export function variablesFor({ urls, secretKey }: RollcallDatabase): NodeJS.ProcessEnv {
  return {
    PORT: '0',
    DATABASE_URL: urls.appUrl,
    DATABASE_ROLE: APP_ROLE,
    SECRET_KEY: secretKey,
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    OPERATIONS_PORT: '0',
    // As the supervisor and the image start them.
    ...FEW_ARENAS,
    // All load of a scenario comes from one directory: the limits count it and let it through.
    LIMIT_REQUESTS_PER_SECOND: '999999',
    LIMIT_ROWS_PER_MINUTE: '999999',
    LIMIT_BURST_SECONDS: '999999',
  };
}

/** Starts it; the log is written as in real use, and thrown away. */
export async function startRollcall(
  server: BenchDatabase,
  { name = 'rollcall', worker = false, profileFolder, env = {}, programs = PROGRAMS }: RollcallOptions = {},
): Promise<RollcallSystem> {
  const database = await createRollcallDatabase(await server.create(name));
  const variables = { ...variablesFor(database), ...env };
  const execArgv = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const ingress = await startProgram(`${programs}/${INGRESS_FILE}`, { env: variables, execArgv });
  const working = worker ? await startProgram(`${programs}/${WORKER_FILE}`, { env: variables }) : null;
  const directory = (directoryId: string) => ({
    directoryId,
    port: ingress.port,
    basePath: `/scim/${directoryId}/v2`,
    token: database.token,
  });
  return {
    name,
    database,
    baseUrl: `http://127.0.0.1:${ingress.port}`,
    ingress,
    worker: working,
    workerEnv: variables,
    serverPids: () => [ingress.pid, ...(working ? [working.pid] : [])],
    postmasterPid: server.postmasterPid,
    openDirectory: directory,
    createDirectory: async () => directory((await database.createDirectories(1))[0] ?? ''),
    seedUsers: ({ directoryId }, count, first) => database.seedUsers(directoryId, count, first),
    seedGroup: ({ directoryId }, displayName, memberIds) => database.seedGroup(directoryId, displayName, memberIds),
    settle: () => database.settle(),
    stop: async () => {
      await Promise.all([ingress.stop(), working?.stop()]);
      await database.close();
    },
  };
}
