import type { ApiErrorCode, OAuthErrorCode } from '@rollcall/contract';

/** What this library finds out itself. */
type ClientErrorCode = 'connection_failed' | 'timeout' | 'snapshot_incomplete' | 'response_invalid' | 'sync_gap';

/** What an error can say by name: the API, the token endpoint, this library. Later versions of the server may add codes. */
export type RollcallErrorCode = ApiErrorCode | OAuthErrorCode | ClientErrorCode | (string & {});

/**
 * A call that did not do what was asked. `status` and `code` are the server's (`{"error":{"code","message","details"}}`).
 *
 * `status` is 0 when no whole answer arrived; then `code` is `connection_failed`, `timeout` or `snapshot_incomplete`.
 * Further codes of this library: `response_invalid` (the answer is none of Rollcall's), `sync_gap`.
 */
export class RollcallError extends Error {
  override readonly name = 'RollcallError';
  readonly status: number;
  readonly code: RollcallErrorCode;
  readonly details: unknown;

  constructor({ status, code, message, details, cause }: RollcallErrorFields) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

interface RollcallErrorFields {
  status: number;
  code: RollcallErrorCode;
  message: string;
  details?: unknown;
  cause?: unknown;
}

/**
 * The error of an answer that is not 2xx: the API's `{error:{code, message, details?}}`, or RFC 6749 §5.2 from the token
 * endpoint. Anything else comes from something in between and becomes `response_invalid`.
 */
export async function readErrorResponse(response: Response): Promise<RollcallError> {
  const { status } = response;
  const body = await readJsonObject(response);
  if (isObject(body?.error)) {
    const { code, message, ...rest } = body.error;
    if (typeof code === 'string' && typeof message === 'string') {
      return new RollcallError({ status, code, message, details: rest.details });
    }
  }
  if (typeof body?.error === 'string') {
    const description = typeof body.error_description === 'string' ? body.error_description : body.error;
    return new RollcallError({ status, code: body.error, message: `No access token: ${description}` });
  }
  return responseInvalid(status);
}

/** An answer that no Rollcall server gives. */
export function responseInvalid(status: number): RollcallError {
  const message = `The answer (HTTP ${status}) is not one of a Rollcall server: check baseUrl, and any proxy in between.`;
  return new RollcallError({ status, code: 'response_invalid', message });
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
