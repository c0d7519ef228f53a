import { AppError, ConfigError } from '@rollcall/platform';
import { isDatabaseUnavailable } from './is-database-unavailable';
import { sqlState } from './tenant-transaction';

/** A password, a role or a database that the server does not take. */
const REFUSED_CONNECTION = new Set(['28P01', '28000', '3D000']);

const TOO_MANY_CONNECTIONS = '53300';

/** Why a program could not start: one sentence where the cause is foreseen, the whole error with its stack where it is not. */
export function describeStartFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || error instanceof AppError) return error.message;
  const state = sqlState(error);
  if (state === TOO_MANY_CONNECTIONS) {
    return 'The database that DATABASE_URL names has no connection left for us: raise max_connections there, or lower DATABASE_POOL_SIZE and QUEUE_POOL_SIZE here.';
  }
  if (isDatabaseUnavailable(error)) {
    return `The database that DATABASE_URL names cannot be reached (${state ?? error.message}).`;
  }
  if (state !== undefined && REFUSED_CONNECTION.has(state)) {
    return `The database that DATABASE_URL names refuses us: ${error.message}.`;
  }
  return error.stack ?? error.message;
}
