import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { askOperations, ENVIRONMENT_BY_IPC, FEW_ARENAS } from '@rollcall/platform';
import type { EnvironmentMessage, Logger, Operations } from '@rollcall/platform';

export interface SupervisedProcess {
  /** What it tells about itself. */
  readonly operations: Operations;
  /** Resolves when it has said for the first time that it serves. */
  readonly ready: Promise<void>;
  /** SIGTERM, SIGKILL after `deadlineMs`; resolves when it has ended. It is not started again. */
  stop(deadlineMs: number): Promise<void>;
  /** Ends it gracefully and starts it again, with the environment of then. */
  restart(): void;
}

export interface ProcessSettings {
  readonly name: string;
  readonly file: string;
  /** What the process has from its beginning. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Asked at each start; the program is loaded meanwhile and gets the answer by `receiveEnvironment`. */
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
  readonly logger: Logger;
  /** It does not come to serve, and trying again will not change that. */
  readonly onHopeless: (reason: string) => void;
}

/** An application ends with this code when another start would end the same way (sysexits EX_CONFIG). */
const EX_CONFIG = 78;
const FIRST_BACK_OFF_MS = 200;
const LONGEST_BACK_OFF_MS = 10_000;
/** One that never comes to serve is not a passing trouble: whoever starts the server has to be told. */
const TRIES_TO_SERVE = 5;
/** After running so long it is started again at once. */
const STEADY_MS = 30_000;

/**
 * Keeps a Node.js program running: starts it again when it ends, at first at once, then at growing intervals. It is
 * told of our end by its IPC channel, even when we are killed.
 */
export function superviseProcess(settings: ProcessSettings): SupervisedProcess {
  const { name, file, inherited, environment, logger, onHopeless } = settings;
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  let sayReady: () => void;
  let everReady = false;
  const ready = new Promise<void>((resolve) => (sayReady = resolve));
  const ended = run();

  async function run(): Promise<void> {
    let backOffMs = FIRST_BACK_OFF_MS;
    let tries = 0;
    while (!stopping.signal.aborted) {
      const started = performance.now();
      const { code, signal } = await runOnce();
      if (stopping.signal.aborted) return;
      if (code === EX_CONFIG) {
        onHopeless(`The ${name} cannot run with this configuration: see above.`);
        return;
      }
      if (!everReady && ++tries === TRIES_TO_SERVE) {
        onHopeless(`The ${name} has ended ${tries} times before it served: see above.`);
        return;
      }
      if (performance.now() - started > STEADY_MS) backOffMs = FIRST_BACK_OFF_MS;
      logger.warn({ process: name, code, signal, backOffMs }, 'a process has ended; starting it again');
      await sleep(backOffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      backOffMs = Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS);
    }
  }

  async function runOnce(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const started = fork(file, {
      env: { ...FEW_ARENAS, ...inherited, [ENVIRONMENT_BY_IPC]: '1' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    void giveEnvironment(started, environment);
    started.on('message', (message) => {
      if (!isReady(message)) return;
      everReady = true;
      sayReady();
    });
    return new Promise((resolve) => {
      started.once('error', () => resolve({ code: null, signal: null }));
      started.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  return {
    operations: askOperations(name, () => child),
    ready,
    restart: () => void child?.kill('SIGTERM'),
    stop: async (deadlineMs) => {
      stopping.abort();
      child?.kill('SIGTERM');
      const kill = setTimeout(() => child?.kill('SIGKILL'), deadlineMs);
      await ended;
      clearTimeout(kill);
    },
  };
}

async function giveEnvironment(child: ChildProcess, environment: ProcessSettings['environment']): Promise<void> {
  const values = await environment();
  if (child.connected) child.send({ environment: values } satisfies EnvironmentMessage);
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;
}
