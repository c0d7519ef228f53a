import type { ErrorCode } from '@rollcall/contract';

/** What went wrong, independent of a protocol; each boundary maps a kind to its own status code. */
export type AppErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'timed_out'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'unsupported_media_type'
  | 'refused'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** Parts of an {@link AppError}. `message` and `details` are shown to the caller, `internal` and `cause` only reach the log. */
export interface AppErrorOptions {
  kind: AppErrorKind;
  /** Stable and machine-readable; a new one is added to the list of the contract first. */
  code: ErrorCode;
  /** One sentence for the caller: what is wrong and what to do. No secrets, no personal data. */
  message: string;
  internal?: string;
  details?: Record<string, unknown>;
  /** For `rate_limited` and `unavailable`: when to try again. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** A designed error: a code, a kind, a public message, and an internal text that never leaves the process. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: AppErrorKind;
  readonly code: ErrorCode;
  readonly internal?: string;
  readonly details?: Record<string, unknown>;
  readonly retryAfterSeconds?: number;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
    this.code = options.code;
    this.internal = options.internal;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
