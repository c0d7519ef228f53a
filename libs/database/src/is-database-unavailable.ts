import { ConfigError } from '@rollcall/platform';
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
  /timeout exceeded when trying to connect|Connection terminated|Client (has encountered a connection error|was closed)/;
/** TypeORM's, for the next statement of a transaction whose connection was lost. */
const LOST_TRANSACTIONS = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/**
 * Connections (08), resources (53), a server that stops or starts (57P0x) or takes no writes for now (25006); statements (57014),
 * locks (55P03) and transactions (25P0x) that took longer than they may.
 */
const STATES = /^(08...|53...|57P0[1235]|25006|57014|55P03|25P0[34])$/;

/** Disk and memory, which every request needs. A connection too many leaves those that are open at work. */
const SHORTAGES = /^53[12]00$/;

/**
 * Whether an error means that PostgreSQL is away, too busy or leads elsewhere for now, so that the same request can succeed later.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (LOST_TRANSACTIONS.some((kind) => error instanceof kind)) return true;
  // A new connection's session was refused.
  if (error instanceof ConfigError) return true;
  const state = sqlState(error);
  if (state !== undefined) return NETWORK_CODES.has(state) || STATES.test(state);
  return error instanceof Error && MESSAGES.test(error.message);
}

/** Whether an error means that the server has come to the end of something: it answers, and cannot work. */
export function isShortage(error: unknown): boolean {
  return SHORTAGES.test(sqlState(error) ?? '');
}
