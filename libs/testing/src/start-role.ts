import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './wait-until';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** One built process that nobody starts again. */
export interface RunningRole {
  readonly pid: number;
  /** What it has written to stdout and stderr. */
  output(): string;
  hasEnded(): boolean;
  /** SIGKILL; resolves when it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM, and the exit code that follows. */
  stop(): Promise<number | null>;
}

/**
 * Starts one built role, as `npm run start:ingress` and `npm run start:worker` do, with no variable but these and PATH, and
 * resolves when it works. The database must have been set up. Rejects with its output when it ends before.
 * @param root the folder of another version that is built
 */
export async function startRole(
  role: 'ingress' | 'worker',
  env: NodeJS.ProcessEnv,
  root: string = ROOT,
): Promise<RunningRole> {
  const child = spawn(process.execPath, [join(root, 'infra/local/launch.js'), role], {
    env: { PATH: process.env.PATH, OPERATIONS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  let hasEnded = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      hasEnded = true;
      resolve(code);
    });
  });
  const works = async () => {
    if (hasEnded) throw new Error(`The ${role} ended with exit code ${child.exitCode} before it worked.\n${output}`);
    return role === 'worker' ? output.includes('"started"') : isReady(`http://${env.HOST ?? '127.0.0.1'}:${env.PORT}`);
  };
  await waitUntil(works, { what: `the ${role} working` }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    output: () => output,
    hasEnded: () => hasEnded,
    kill9: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

async function isReady(baseUrl: string): Promise<boolean> {
  return fetch(`${baseUrl}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}
