import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DataDirInUseError,
  findFreePort,
  findPostmaster,
  startEmbeddedPostgres,
  StartError,
} from '@rollcall/embedded-postgres';

/** Seen from the built file, `dist/infra/local/demo.js`. */
const LAUNCHER = fileURLToPath(new URL('../../../infra/local/launch.js', import.meta.url));

/** For a start that hangs; one that fails ends by itself. */
const START_TIMEOUT_MS = 300_000;

/** The demo decides these itself, whatever the shell says: it must not touch anybody's real database, queue or mail server. */
const DECIDED_HERE =
  /^(PORT|HOST|PUBLIC_URL|DATA_DIR|DATABASE_URL|DATABASE_DIRECT_URL|DATABASE_OWNER_URL|CELLS|CELLS_OWNER|CELL|REDIS_URL|SECRET_KEY\w*|BOOTSTRAP_\w+|SMTP_URL|MAIL_FROM)$/;

export interface RunningSystem {
  baseUrl: string;
  dataDir: string;
  credentials: { clientId: string; clientSecret: string };
  /** Where its first owner makes an account for the dashboard, once. */
  dashboardSetupUrl: string;
  /** Resolves, with what it last wrote, when the system ends by itself. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the whole system as `npm start` does, on a free port, with a data directory of its own, and waits until it serves.
 * @throws StartError when another demo runs on the directory, or when the system does not come up; with its last lines
 */
export async function startSystem({ dataDir, keep }: { dataDir: string; keep: boolean }): Promise<RunningSystem> {
  const folder = resolve(dataDir);
  await prepareFolder(folder, keep);
  const port = await findFreePort();
  const inherited = Object.entries(process.env).filter(([name]) => !DECIDED_HERE.test(name));
  const settings = {
    PORT: String(port),
    OPERATIONS_PORT: '0',
    DATA_DIR: folder,
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    WEBHOOK_RETRY_SCHEDULE: '1,1,2,5',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  };
  const child = spawn(process.execPath, [LAUNCHER, 'start'], {
    env: { ...Object.fromEntries(inherited), ...settings },
    // The channel tells the system that the demo is gone, however it ended.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const readTail = collectTail(child);
  let stopping = false;
  const ended = new Promise<string>((done) => child.once('exit', () => stopping || done(readTail())));
  const end = (): Promise<void> => {
    stopping = true;
    return stop(child);
  };
  const baseUrl = `http://localhost:${port}`;
  try {
    await waitUntilReady(baseUrl, child);
  } catch (error) {
    await end();
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${readTail()}`);
  }
  return { baseUrl, dataDir: folder, ...(await readBootstrap(folder)), ended, stop: end };
}

/** A fresh start removes what the last demo left, after ending a database that a killed one left running. */
async function prepareFolder(folder: string, keep: boolean): Promise<void> {
  if (keep) return;
  if (await findPostmaster(join(folder, 'postgres'))) {
    const leftBehind = await startEmbeddedPostgres({ dataDir: folder }).catch((error: unknown) => {
      throw error instanceof DataDirInUseError
        ? new StartError(`Another demo is running on ${folder}: end it first.`)
        : error;
    });
    await leftBehind.stop();
  }
  await rm(folder, { recursive: true, force: true });
}

function collectTail(child: ChildProcess): () => string {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-8_000);
    });
  }
  return () => tail.trim();
}

async function waitUntilReady(baseUrl: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('Rollcall ended before it was ready.');
    const ready = await fetch(`${baseUrl}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((next) => {
      setTimeout(next, 100);
    });
  }
  throw new Error(`Rollcall was not ready after ${START_TIMEOUT_MS / 1000} s.`);
}

interface Bootstrap {
  client_id: string;
  client_secret: string;
  dashboard_setup_url: string;
}

async function readBootstrap(folder: string): Promise<Pick<RunningSystem, 'credentials' | 'dashboardSetupUrl'>> {
  const file = join(folder, 'bootstrap.json');
  if (!existsSync(file)) throw new StartError(`${file} is missing: start the demo without --keep.`);
  const bootstrap = JSON.parse(await readFile(file, 'utf8')) as Bootstrap;
  return {
    credentials: { clientId: bootstrap.client_id, clientSecret: bootstrap.client_secret },
    dashboardSetupUrl: bootstrap.dashboard_setup_url,
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((done) => {
    const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(impatient);
      done();
    });
    child.kill('SIGTERM');
  });
}
