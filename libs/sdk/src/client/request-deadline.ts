import { ConnectionError, RollcallError } from './rollcall-error';

/** Ends a request for which nothing arrives for too long, or that its caller gave up. */
export interface RequestDeadline {
  readonly signal: AbortSignal;
  /** Starts the time, or starts it anew. */
  restart(): void;
  /** Stops the time: it is not the server that is being waited for. */
  pause(): void;
  /** The request is over. */
  close(): void;
  /** What to throw for an error that ended the request. */
  explain(error: unknown): unknown;
}

/**
 * Opens a deadline; its time starts with `restart`.
 * @param timeoutMs how long nothing may arrive
 * @param caller the caller's own signal; what it was aborted with is thrown as it is
 */
export function openDeadline(timeoutMs: number, caller: AbortSignal | undefined): RequestDeadline {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  if (caller?.aborted) abort();
  caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(abort, timeoutMs);
    },
    pause() {
      clearTimeout(timer);
    },
    close() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
    explain(error) {
      if (caller?.aborted) return caller.reason;
      if (error instanceof RollcallError) return error;
      if (controller.signal.aborted) {
        const message = `Nothing arrived for ${timeoutMs / 1000} s: try again, or raise timeoutSeconds.`;
        return new ConnectionError({ status: 0, code: 'timeout', message, cause: error });
      }
      const message = 'The connection failed: check baseUrl and that the server can be reached from here.';
      return new ConnectionError({ status: 0, code: 'connection_failed', message, cause: error });
    },
  };
}
