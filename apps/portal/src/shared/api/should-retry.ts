import { retryAfterMs } from './poll-pause';
import { isTransient, PortalError } from './portal-error';

const RETRIES_MAX = 2;

/**
 * Whether to read once more at once what could not be read, after so many failed retries. Whoever has waited for a whole time-out is
 * told so, and not made to wait again; and a server that says when to come again is not asked before.
 */
export function shouldRetry(failures: number, error: unknown): boolean {
  const isTimeout = error instanceof PortalError && error.code === 'timeout';
  return failures < RETRIES_MAX && isTransient(error) && !isTimeout && retryAfterMs(error) === 0;
}
