import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend, JobWorker } from './backend';
import { nameSubject } from './wake-ups';
import type { JobData, JobName, QueueLogger } from './wake-ups';
import { describe } from './watch-backend';

export interface RunningWorker {
  /** Takes no new hint and resolves when the running handlers have ended. */
  close(): Promise<void>;
}

export interface WorkSettings {
  readonly handle: (data: JobData, signal: AbortSignal) => Promise<void>;
  readonly concurrency: number;
  readonly logger: QueueLogger;
  readonly signal: AbortSignal;
  readonly onFailure: () => void;
}

const REOPEN_DELAY_MS = 1_000;

/** Handles the hints of one job until it is closed, from whenever the queue can be reached. */
export function runWorker(backend: Backend, job: JobName, settings: WorkSettings): RunningWorker {
  const { handle, concurrency, logger, signal, onFailure } = settings;
  let worker: JobWorker | undefined;
  const closing = new AbortController();

  async function open(): Promise<void> {
    while (!closing.signal.aborted) {
      worker = backend.openWorker(job, {
        concurrency,
        // The queue being away is logged where it is watched.
        onError: () => undefined,
        process: async ({ data }) => {
          await handle(data, signal).catch((error: unknown) => {
            onFailure();
            logger.warn(
              { job, ...nameSubject(data), failure: describe(error) },
              'a hint was not handled; the sweeper repeats it',
            );
          });
        },
      });
      const opened = worker;
      if (await opened.waitUntilReady().then(isTrue, isFalse)) return;
      await opened.close().catch(() => undefined);
      await sleep(REOPEN_DELAY_MS, undefined, { ref: false });
    }
  }
  void open();

  return {
    close: async () => {
      closing.abort();
      await worker?.close();
    },
  };
}

const isTrue = () => true;
const isFalse = () => false;
