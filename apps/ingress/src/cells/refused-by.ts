import type { ErrorCode } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';
import { kindOfStatus } from '../http/to-problem';
import type { CellAnswer } from './ask-cell';

interface Told {
  code: ErrorCode;
  message: string;
  details?: Record<string, unknown>;
}

/** What a cell has refused in our form or in WorkOS', to be told in that of the request. */
export function refusedBy({ status, headers, text }: CellAnswer): AppError {
  const told = JSON.parse(text) as Told & { error?: Told };
  const { code, message, details } = told.error ?? told;
  const retryAfter = headers['retry-after'];
  return new AppError({
    kind: kindOfStatus(status),
    code,
    message,
    ...(details && { details }),
    ...(retryAfter !== undefined && { retryAfterSeconds: Number(retryAfter) }),
  });
}
