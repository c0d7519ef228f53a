import type { Logger } from '@rollcall/platform';

/** Work that runs again and again until it is stopped. */
export interface Repetition {
  /** Starts no further run and waits for the current one. */
  stop(): Promise<void>;
}

/** Runs `work` now and then `intervalMs` after each end, so that a slow run never overlaps itself. A failure is logged. */
export function repeatEvery(intervalMs: number, name: string, logger: Logger, work: () => Promise<void>): Repetition {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  const runOnce = async () => {
    try {
      await work();
    } catch (error) {
      logger.error({ err: error }, `${name}.failed`);
    }
    if (!stopped) timer = setTimeout(start, intervalMs);
  };
  const start = () => {
    current = runOnce();
  };
  start();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
