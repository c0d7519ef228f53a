import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@rollcall/embedded-postgres';
import { waitUntil } from './wait-until';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  flushAll(): Promise<void>;
  /** SIGKILL; without `appendOnly` everything in it is lost. */
  kill9(): Promise<void>;
  /** Starts it again on the same port after kill9(). */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a real redis-server on a free port, without persistence unless `appendOnly`.
 * Resolves to null when it is not installed: the caller says by name what it then does not test.
 */
export async function startRedis(
  options: { port?: number; appendOnly?: boolean; maxmemoryPolicy?: string } = {},
): Promise<TestRedis | null> {
  const port = options.port ?? (await findFreePort());
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-redis-'));
  let server: ChildProcess | null = null;
  const start = async () => {
    server = await launch(port, folder, options);
    if (server) await waitUntil(() => command(port, 'PING').catch(() => null), { what: 'Redis answering' });
  };
  const end = async (signal: NodeJS.Signals) => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server.kill(signal);
    await ended;
  };
  await start();
  if (!server) {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    flushAll: async () => void (await command(port, 'FLUSHALL')),
    kill9: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(
  port: number,
  folder: string,
  { appendOnly = false, maxmemoryPolicy = 'noeviction' }: { appendOnly?: boolean; maxmemoryPolicy?: string },
): Promise<ChildProcess | null> {
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: appendOnly ? 'yes' : 'no' };
  const args = Object.entries({ ...settings, 'maxmemory-policy': maxmemoryPolicy }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(null) : reject(error)));
  });
}

/** One inline command of the Redis protocol; resolves to its simple-string answer and rejects on anything else. */
async function command(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${text}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      const answer = data.toString();
      if (answer.startsWith('+')) resolve(answer);
      else reject(new Error(`Redis answered ${answer}`));
    });
  });
}
