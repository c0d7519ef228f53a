import type { ApiErrorCode, OAuthErrorCode } from '@rollcall/contract';

/** What this library finds out itself. */
type ClientErrorCode = 'connection_failed' | 'timeout' | 'snapshot_incomplete' | 'response_invalid' | 'sync_gap';

/** What an error can say by name: the API, the token endpoint, this library. Later versions of the server may add codes. */
export type RollcallErrorCode = ApiErrorCode | OAuthErrorCode | ClientErrorCode | (string & {});

/**
 * A call that did not do what was asked. `status` and `code` are the server's (`{"error":{"code","message","details"}}`), and each
 * kind of status is a class of its own below.
 *
 * `status` is 0 when no whole answer arrived; then `code` is `connection_failed`, `timeout` or `snapshot_incomplete`.
 * Further codes of this library: `response_invalid` (the answer is none of Rollcall's), `sync_gap`.
 */
export class RollcallError extends Error {
  override readonly name: string = 'RollcallError';
  readonly status: number;
  readonly code: RollcallErrorCode;
  readonly details: unknown;
  /** By which the operator finds the request in the server's log; undefined when no server answered. */
  readonly requestId: string | undefined;
  /** The seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor({ status, code, message, details, requestId, retryAfter, cause }: RollcallErrorFields) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

interface RollcallErrorFields {
  status: number;
  code: RollcallErrorCode;
  message: string;
  details?: unknown;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** No whole answer came: the server cannot be reached, or was too slow. */
export class ConnectionError extends RollcallError {
  override readonly name: string = 'ConnectionError';
}

/** 400, 413, 415, 422: the request cannot be done as it is. */
export class InvalidRequestError extends RollcallError {
  override readonly name: string = 'InvalidRequestError';
}

/** 401: the credentials are wrong, or were revoked. */
export class AuthenticationError extends RollcallError {
  override readonly name: string = 'AuthenticationError';
}

/** 403: the client may not do this, or the feature is off. */
export class PermissionError extends RollcallError {
  override readonly name: string = 'PermissionError';
}

/** 404: it is not there, or not for this client. */
export class NotFoundError extends RollcallError {
  override readonly name: string = 'NotFoundError';
}

/** 409: it does not go with what is there. */
export class ConflictError extends RollcallError {
  override readonly name: string = 'ConflictError';
}

/** 410: the events of this position are not to be had any more, or not yet: take a snapshot. */
export class PositionGoneError extends RollcallError {
  override readonly name: string = 'PositionGoneError';
}

/** 429: too many requests, after this library has waited as often as it may. */
export class RateLimitError extends RollcallError {
  override readonly name: string = 'RateLimitError';
}

/** 5xx: the server could not do it now. */
export class ServerError extends RollcallError {
  override readonly name: string = 'ServerError';
}

const CLASSES: Readonly<Record<number, typeof RollcallError>> = {
  0: ConnectionError,
  400: InvalidRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  410: PositionGoneError,
  413: InvalidRequestError,
  415: InvalidRequestError,
  422: InvalidRequestError,
  429: RateLimitError,
};

/** The error of the class that its status has. */
export function errorOf(fields: RollcallErrorFields): RollcallError {
  const Kind = fields.status >= 500 ? ServerError : (CLASSES[fields.status] ?? RollcallError);
  return new Kind(fields);
}

/**
 * The error of an answer that is not 2xx: the API's `{error:{code, message, details?}}`, or RFC 6749 §5.2 from the token
 * endpoint. Anything else comes from something in between and becomes `response_invalid`.
 * @param retryAfter the seconds that the answer asks to wait for
 */
export async function readErrorResponse(response: Response, retryAfter?: number): Promise<RollcallError> {
  const { status } = response;
  const body = await readJsonObject(response);
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (isObject(body?.error)) {
    const { code, message, request_id: named, details } = body.error;
    if (typeof code === 'string' && typeof message === 'string') {
      return errorOf({
        status,
        code,
        message,
        details,
        requestId: typeof named === 'string' ? named : requestId,
        retryAfter,
      });
    }
  }
  if (typeof body?.error === 'string') {
    const description = typeof body.error_description === 'string' ? body.error_description : body.error;
    return errorOf({ status, code: body.error, message: `No access token: ${description}`, requestId, retryAfter });
  }
  return responseInvalid(status, { requestId, retryAfter });
}

/** An answer that no Rollcall server gives. */
export function responseInvalid(
  status: number,
  headers: Pick<RollcallErrorFields, 'requestId' | 'retryAfter'> = {},
): RollcallError {
  const message = `The answer (HTTP ${status}) is not one of a Rollcall server: check baseUrl, and any proxy in between.`;
  return errorOf({ status, code: 'response_invalid', message, ...headers });
}

async function readJsonObject(response: Response): Promise<Record<string, unknown> | null> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
