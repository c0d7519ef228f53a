import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { ApiErrorCode, ErrorCode } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';
import type { AppErrorKind } from '@rollcall/platform';
import { ScimError } from '@rollcall/scim';
import type { ScimType } from '@rollcall/scim';
import { NotAdmitted } from '@rollcall/scim-store';
import { explainRefusal, isDatabaseUnavailable } from '@rollcall/database';
import type { Refusal } from '@rollcall/database';
import { explainNotAdmitted } from '../scim/auth/explain-not-admitted';

/** An error as a boundary reports it, before it takes the form of its surface. */
export interface Problem {
  status: number;
  code: ErrorCode;
  /** What went wrong and what to do; shown to the caller. */
  message: string;
  scimType?: ScimType;
  details?: Record<string, unknown>;
  retryAfterSeconds?: number;
  /** Answer headers that belong to the error, such as Allow or WWW-Authenticate. */
  headers?: Record<string, string>;
}

/** Reads any thrown value as a problem. What nobody designed becomes a 500 that says nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof AppError) {
    const { kind, code, message, details, retryAfterSeconds } = error;
    return { status: STATUS_OF_KIND[kind], code, message, details, retryAfterSeconds };
  }
  if (error instanceof NotAdmitted) return toProblem(explainNotAdmitted(error));
  if (error instanceof ScimError) {
    const { status, scimType, detail } = error;
    return {
      status,
      code: codeOf(status),
      message: detail,
      scimType,
      ...(status === 503 && { retryAfterSeconds: 1 }),
    };
  }
  if (error instanceof HttpException) return problemOfHttpException(error);
  if (isDatabaseUnavailable(error)) return { ...problemOf(503), retryAfterSeconds: 2 };
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  // Errors of the HTTP server itself carry a status and a code of their own.
  if (typeof statusCode === 'number' && typeof code === 'string' && code.startsWith('FST_'))
    return problemOf(statusCode);
  const refusal = explainRefusal(error) ?? (isStackOverflow(error) ? 'too_deep' : undefined);
  return refusal ? { status: 400, ...REFUSED[refusal] } : problemOf(500);
}

const STATUS_OF_KIND: Record<AppErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  timed_out: 408,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  refused: 422,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

/** The kind of error that a status tells of. */
export function kindOfStatus(status: number): AppErrorKind {
  const kinds = Object.keys(STATUS_OF_KIND) as AppErrorKind[];
  return kinds.find((kind) => STATUS_OF_KIND[kind] === status) ?? 'internal';
}

/** Validation pipes put their findings as a list into the response's `message`. */
function problemOfHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  const response = exception.getResponse();
  const found = typeof response === 'object' ? (response as { message?: unknown }).message : undefined;
  const problem = { ...problemOf(status), ...(status < 500 && status !== 404 && { message: exception.message }) };
  return Array.isArray(found) ? { ...problem, message: found.join('; '), details: { errors: found } } : problem;
}

/** The code and sentence of a status that came without its own. */
function problemOf(status: number): Problem {
  return { status, code: codeOf(status), message: MESSAGES[status] ?? `${STATUS_CODES[status] ?? 'Error'}.` };
}

function codeOf(status: number): ApiErrorCode {
  return CODES[status] ?? (status < 500 ? 'invalid_request' : 'internal');
}

/** The statuses that the HTTP server and the framework choose themselves. */
const CODES: Record<number, ApiErrorCode> = {
  404: 'not_found',
  413: 'too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  503: 'unavailable',
};

const MESSAGES: Record<number, string> = {
  400: 'The request is malformed.',
  404: 'There is nothing at this address. Check the URL and the id in it.',
  405: 'This address does not take this method.',
  413: 'The request body is too large.',
  414: 'The URL is too long. Send long filters with POST /.search.',
  415: 'Send the body as application/json (SCIM: application/scim+json) in UTF-8.',
  500: 'Something went wrong on this server. The request was not carried out; try again, and tell the operator if it stays.',
  503: 'The server cannot use its database right now. Try again in a few seconds.',
};

/** What the database cannot take is for the caller to correct. */
const REFUSED: Record<Refusal, Pick<Problem, 'code' | 'message' | 'scimType'>> = {
  unstorable_text: {
    code: 'invalid_request',
    scimType: 'invalidValue',
    message: 'A text holds the character U+0000 or half a surrogate pair. Send it without.',
  },
  value_too_long: {
    code: 'invalid_request',
    scimType: 'invalidValue',
    message: 'A name, an external id or an address is too long. Send a shorter one.',
  },
  too_deep: { code: 'invalid_request', scimType: 'invalidSyntax', message: 'The request is nested too deeply.' },
};

/** A walk over a body that is nested too deeply. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
