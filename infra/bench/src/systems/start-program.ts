import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** A Node.js program that listens: it tells its port by IPC, and may take commands there. */
export interface Program {
  pid: number;
  port: number;
  /** Calls one of the program's commands. Throws what it throws. */
  command<Result>(name: string, options?: object): Promise<Result>;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  execArgv?: string[];
  cwd?: string;
}

type Message = { type: 'ready'; port?: number } | { ready: true } | { id: number; result?: unknown; error?: string };

/** Those that run. */
const running = new Set<ChildProcess>();

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** Starts a program and resolves when it says that it is ready. Throws with what it wrote to stderr when it ends before that. */
export async function startProgram(file: string, { env, execArgv = [], cwd }: ProgramOptions): Promise<Program> {
  const child = fork(file, {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // In a group of its own: Ctrl-C reaches the benchmark alone, which stops its programs in order.
    detached: true,
    ...(cwd && { cwd }),
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  child.on('message', (message: Message) => {
    if (!('id' in message)) return;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.result);
    else call?.reject(new Error(message.error));
  });
  const port = await becomesReady(child, file);
  let calls = 0;
  return {
    pid: child.pid ?? 0,
    port,
    command: <Result>(command: string, options = {}) =>
      new Promise<Result>((resolve, reject) => {
        const id = (calls += 1);
        waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
        child.send({ ...options, id, command });
      }),
    stop: () => stopChild(child),
  };
}

/** Stops every program that a scenario which failed or was interrupted has left. */
export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map(stopChild));
}

function becomesReady(child: ChildProcess, file: string): Promise<number> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-4_000);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('did not become ready'), START_TIMEOUT_MS);
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${file} ${what}:\n${complaint}`));
    };
    const ended = (code: number | null): void => fail(`ended with exit code ${code}`);
    child.once('exit', ended);
    child.on('message', (message: Message) => {
      if ('id' in message) return;
      clearTimeout(timer);
      child.off('exit', ended);
      resolve('port' in message ? (message.port ?? 0) : 0);
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
