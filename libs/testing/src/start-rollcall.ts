import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort, findPostmaster, isProcessAlive } from '@rollcall/embedded-postgres';
import { LAUNCHER, newDataDir } from './new-data-dir';
import { waitUntil } from './wait-until';

export interface Bootstrap {
  readonly environment_id: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly dashboard_url: string;
  readonly dashboard_setup_url: string;
}

export interface RollcallProcess {
  readonly name: 'supervisor' | 'ingress' | 'worker' | 'postgres';
  readonly pid: number;
}

export interface RunningRollcall {
  readonly baseUrl: string;
  readonly dataDir: string;
  readonly bootstrap: Bootstrap;
  /** The process that was started: SIGTERM to it stops everything. */
  readonly pid: number;
  /** What its processes have written to stdout and stderr. */
  output(): string;
  processes(): Promise<RollcallProcess[]>;
  /** A token of the bootstrap client for the management API. */
  accessToken(): Promise<string>;
  /** SIGTERM, and the exit code that follows. Removes the data directory unless it was given. */
  stop(): Promise<number>;
  /** SIGKILL to every process of it, the database included. The data directory stays. */
  kill9(): Promise<void>;
  /** SIGKILL to one of them. */
  kill9Only(name: RollcallProcess['name']): Promise<void>;
}

/**
 * Starts the real server, as `npm start` does, and resolves when it is ready: on a free port, with a data directory of
 * its own, allowed to send webhooks to this machine, and with no variable of the shell but PATH. Needs a build. Rejects with its
 * output when it ends or takes longer than a minute.
 */
export async function startRollcall(
  options: { env?: NodeJS.ProcessEnv; dataDir?: string } = {},
): Promise<RunningRollcall> {
  const dataDir = options.dataDir ?? (await newDataDir());
  const port = String(options.env?.PORT ?? (await findFreePort()));
  const env = {
    PATH: process.env.PATH,
    PORT: port,
    OPERATIONS_PORT: '0',
    DATA_DIR: dataDir,
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    ...options.env,
  };
  // By the IPC channel it learns of a test run that was killed, and ends.
  const child = spawn(process.execPath, [LAUNCHER, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.channel?.unref();
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    await waitUntil(() => isReady(baseUrl, child), { what: 'Rollcall becoming ready' });
  } catch (error) {
    await endedWith(child, 'SIGTERM');
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    throw new Error(`${(error as Error).message}\n${output.join('')}`, { cause: error });
  }
  const bootstrap = JSON.parse(await readFile(join(dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
  const pid = child.pid ?? 0;
  return {
    baseUrl,
    dataDir,
    bootstrap,
    pid,
    output: () => output.join(''),
    processes: () => listProcesses(pid, dataDir),
    accessToken: () => fetchAccessToken(baseUrl, bootstrap),
    stop: async () => {
      const code = await endedWith(child, 'SIGTERM');
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
    kill9: async () => killAll(await listProcesses(pid, dataDir)),
    kill9Only: async (name) => killAll((await listProcesses(pid, dataDir)).filter((found) => found.name === name)),
  };
}

async function isReady(baseUrl: string, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`Rollcall ended with exit code ${child.exitCode} before it was ready.`);
  return fetch(`${baseUrl}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function listProcesses(supervisor: number, dataDir: string): Promise<RollcallProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,command=']);
  const found: RollcallProcess[] = isProcessAlive(supervisor) ? [{ name: 'supervisor', pid: supervisor }] : [];
  for (const line of stdout.split('\n')) {
    const [, pid, parent, app] = /^\s*(\d+)\s+(\d+)\s.*\/apps\/(ingress|worker)\/main\.js/.exec(line) ?? [];
    if (Number(parent) === supervisor) found.push({ name: app as 'ingress' | 'worker', pid: Number(pid) });
  }
  const postmaster = await findPostmaster(join(dataDir, 'postgres'));
  return postmaster ? [...found, { name: 'postgres', pid: postmaster.pid }] : found;
}

async function fetchAccessToken(baseUrl: string, bootstrap: Bootstrap): Promise<string> {
  const response = await fetch(`${baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: bootstrap.client_id,
      client_secret: bootstrap.client_secret,
    }),
  });
  if (!response.ok) throw new Error(`POST /oauth/token answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function endedWith(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
  return child.exitCode ?? -1;
}

/** The supervisor goes first, so that it restarts nothing. */
async function killAll(processes: readonly RollcallProcess[]): Promise<void> {
  for (const { pid } of processes) if (isProcessAlive(pid)) process.kill(pid, 'SIGKILL');
  await waitUntil(() => processes.every(({ pid }) => !isProcessAlive(pid)), { what: 'the killed processes ending' });
}
