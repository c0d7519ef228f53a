import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { sqlState } from './tenant-transaction';

/** Codes of Node.js for a server that cannot be reached. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** pg reports these without a code. */
const MESSAGES =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client (has encountered a connection error|was closed)/;
/** TypeORM's, for the next statement of a transaction whose connection was lost. */
const LOST_TRANSACTIONS = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/**
 * Whether an error means that PostgreSQL is away or too busy for now (SQLSTATE classes 08 and 53, 57P01 to 57P03, or no
 * connection), so that the same request can succeed later.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (LOST_TRANSACTIONS.some((kind) => error instanceof kind)) return true;
  const state = sqlState(error);
  if (state !== undefined) return NETWORK_CODES.has(state) || /^(08...|53...|57P0[123])$/.test(state);
  return error instanceof Error && MESSAGES.test(error.message);
}
