import type { RefusalReason } from '@rollcall/contract';
import { NotAdmitted } from '@rollcall/scim-store';
import type { Problem } from '../../http/to-problem';

/**
 * Why a SCIM request was refused, as it is counted for its directory; null for what an identity provider asks in the ordinary course,
 * such as for a resource that is not there, and for what is this server's fault.
 */
export function refusalReason(
  error: unknown,
  { status, code }: Pick<Problem, 'status' | 'code'>,
): RefusalReason | null {
  if (error instanceof NotAdmitted) return error.state === 'unknown' ? 'invalid_token' : error.state;
  if (code === 'too_many_attempts') return code;
  return OF_STATUS[status] ?? null;
}

const OF_STATUS: Partial<Record<number, RefusalReason>> = {
  400: 'invalid_request',
  401: 'invalid_token',
  409: 'conflict',
  413: 'invalid_request',
  415: 'invalid_request',
  429: 'rate_limited',
};
