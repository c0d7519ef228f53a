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
 * Starts a real redis-server on a free port, without persistence unless `appendOnly` and open to all unless `password`.
 * Resolves to null when it is not installed: the caller says by name what it then does not test.
 */
export async function startRedis(
  options: { port?: number; appendOnly?: boolean; password?: string; maxmemoryPolicy?: string } = {},
): Promise<TestRedis | null> {
  const { password } = options;
  const port = options.port ?? (await findFreePort());
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-redis-'));
  let server: ChildProcess | null = null;
  const start = async () => {
    server = await launch(port, folder, options);
    if (server) await waitUntil(() => command(port, 'PING', password).catch(() => null), { what: 'Redis answering' });
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
    url: `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`,
    port,
    start,
    flushAll: async () => void (await command(port, 'FLUSHALL', password)),
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
  {
    appendOnly = false,
    password,
    maxmemoryPolicy = 'noeviction',
  }: { appendOnly?: boolean; password?: string; maxmemoryPolicy?: string },
): Promise<ChildProcess | null> {
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: appendOnly ? 'yes' : 'no' };
  const secured = password === undefined ? settings : { ...settings, requirepass: password };
  const args = Object.entries({ ...secured, 'maxmemory-policy': maxmemoryPolicy }).flatMap(([name, value]) => [
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
async function command(port: number, text: string, password?: string): Promise<string> {
  const lines = password === undefined ? [text] : [`AUTH ${password}`, text];
  return new Promise((resolve, reject) => {
    let output = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(lines.map((line) => `${line}\r\n`).join('')));
    socket.once('error', reject);
    socket.on('data', (data) => {
      output += data.toString();
      const answers = output.split('\r\n').slice(0, -1);
      const refusal = answers.find((answer) => !answer.startsWith('+'));
      if (refusal === undefined && answers.length < lines.length) return;
      socket.destroy();
      if (refusal === undefined) resolve(answers.at(-1) ?? '');
      else reject(new Error(`Redis answered ${refusal}`));
    });
  });
}
