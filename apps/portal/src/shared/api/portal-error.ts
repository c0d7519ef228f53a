import type { ApiErrorBody } from '@rollcall/sdk';

/**
 * A call of the portal's API that did not succeed.
 * `status` is the HTTP status, 0 when no answer arrived; `code` is the server's error code, or `network`, `timeout`,
 * `unreadable` and `outcome_unknown` for what the browser itself found out.
 */
export class PortalError extends Error {
  override readonly name = 'PortalError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: unknown,
    /** How long the server said to wait before the same is tried again. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** Whether the error says that there is no valid portal session (any more). */
export function isSessionError(error: unknown): error is PortalError {
  return error instanceof PortalError && error.status === 401;
}

/** Whether the error says that this browser now has the session of another organization than the page's. */
export function isOtherOrganization(error: unknown): error is PortalError {
  return error instanceof PortalError && error.code === 'session_of_another_organization';
}

/** Whether the error says that Directory Sync is off for the organization. */
export function isFeatureOff(error: unknown): error is PortalError {
  return error instanceof PortalError && error.code === 'feature_disabled';
}

/** Whether a change failed in a way that leaves open if it was done. */
export function isOutcomeUnknown(error: unknown): error is PortalError {
  return error instanceof PortalError && error.code === 'outcome_unknown';
}

/** Whether the same call may succeed when it is simply repeated. */
export function isTransient(error: unknown): boolean {
  return error instanceof PortalError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** Whether the error says that the server serves nobody: nothing answered, it said so, or a proxy did in its place. */
export function isUnreached(error: unknown): boolean {
  return error instanceof PortalError && (error.status === 0 || (error.status >= 502 && error.status <= 504));
}

/** The failure of a change: where no answer of the server itself arrived, the change may have been made all the same. */
export function toOutcome(error: unknown): unknown {
  if (!(error instanceof PortalError)) return error;
  const { code, status } = error;
  const isRefused = status >= 400 && status < 500;
  if ((code !== 'network' && code !== 'timeout' && code !== 'unreadable') || isRefused) return error;
  return new PortalError(status, 'outcome_unknown', 'No answer arrived.');
}

/** Turns an answer outside 2xx into an error; a body that is not ours (a proxy's page) keeps its status. */
export function toPortalError(status: number, body: unknown, retryAfterMs?: number): PortalError {
  if (!isErrorBody(body)) {
    return new PortalError(status, 'unreadable', `The server answered with status ${status}.`, undefined, retryAfterMs);
  }
  const { code, message, details } = body.error;
  return new PortalError(status, code, message, details, retryAfterMs);
}

function isErrorBody(body: unknown): body is ApiErrorBody {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error &&
    typeof error.message === 'string'
  );
}
