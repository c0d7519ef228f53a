import type { ApiErrorBody } from '@rollcall/sdk';

/**
 * A call of the portal's API that did not succeed.
 * `status` is the HTTP status, 0 when no answer arrived; `code` is the server's error code, or `network`, `timeout` and
 * `unreadable` for what the browser itself found out.
 */
export class PortalError extends Error {
  override readonly name = 'PortalError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: unknown,
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

/** Whether the same call may succeed when it is simply repeated. */
export function isTransient(error: unknown): boolean {
  return error instanceof PortalError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** Turns an answer outside 2xx into an error; a body that is not ours (a proxy's page) keeps its status. */
export function toPortalError(status: number, body: unknown): PortalError {
  if (isErrorBody(body)) return new PortalError(status, body.error.code, body.error.message, body.error.details);
  return new PortalError(status, 'unreadable', `The server answered with status ${status}.`);
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
