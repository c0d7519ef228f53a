import type { Logger } from 'pino';

/** How a process ends. */
export interface ShutdownOptions {
  /** Stops accepting and finishes what is in flight; called once, with the reason. */
  stop: (reason: string) => Promise<void>;
  /** After this many milliseconds the process exits although work is in flight (default 9000, under the promised 10 s). */
  deadlineMs?: number;
  /** Default SIGTERM and SIGINT. */
  signals?: readonly NodeJS.Signals[];
  logger?: Logger;
}

/**
 * Ends the process gracefully at the first signal, or when a parent that holds an IPC channel goes away: runs `stop`, then
 * exits 0; exits 0 at the deadline too, because what was acknowledged is durable and leases give unfinished work back.
 * Further signals change nothing. A `stop` that throws exits 1.
 */
export function onShutdown(options: ShutdownOptions): void {
  const { stop, deadlineMs = 9000, signals = ['SIGTERM', 'SIGINT'], logger } = options;
  let stopping = false;

  const begin = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger?.info({ reason }, 'shutting down');
    setTimeout(() => {
      logger?.warn({ reason, deadlineMs }, 'shutdown deadline reached, leaving work in flight');
      process.exit(0);
    }, deadlineMs);
    stop(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        logger?.error({ err: error, reason }, 'shutdown failed');
        process.exit(1);
      },
    );
  };

  for (const signal of signals) process.on(signal, () => begin(signal));
  if (process.channel) process.on('disconnect', () => begin('parent disconnected'));
}
