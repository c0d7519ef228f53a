import type { Backend } from './backend';
import type { QueueLogger } from './wake-ups';

const PING_INTERVAL_MS = { ok: 1_000, down: 200 };
const PING_TIMEOUT_MS = 1_500;

export interface BackendWatch {
  status(): 'ok' | 'down';
  stop(): void;
}

/** Knows whether the queue can be reached by asking it every second (more often while it is away), and logs when that changes. */
export function watchBackend(backend: Backend, logger: QueueLogger): BackendWatch {
  let status: 'ok' | 'down' = 'down';
  let stopped = false;
  let next: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    const failure = await withTimeout(backend.ping()).then(
      () => undefined,
      (error: unknown) => describe(error),
    );
    if (stopped) return;
    const now = failure === undefined ? 'ok' : 'down';
    if (now !== status) {
      status = now;
      const fields = { queue: backend.name, ...(failure && { failure }) };
      if (failure) logger.warn(fields, 'the queue is away: work is found by the sweeper alone');
      else logger.info(fields, 'the queue is reached');
    }
    next = setTimeout(() => void check(), PING_INTERVAL_MS[now]).unref();
  }
  void check();

  return {
    status: () => status,
    stop: () => {
      stopped = true;
      clearTimeout(next);
    },
  };
}

async function withTimeout(answer: Promise<unknown>): Promise<unknown> {
  let expire: NodeJS.Timeout | undefined;
  const timeout = new Promise((_, reject) => {
    expire = setTimeout(() => reject(new Error('no answer')), PING_TIMEOUT_MS).unref();
  });
  return Promise.race([answer, timeout]).finally(() => clearTimeout(expire));
}

/** An error's code, or else its name: messages of drivers may hold addresses and values. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
