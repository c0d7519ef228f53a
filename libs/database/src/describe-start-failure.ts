import { AppError, ConfigError } from '@rollcall/platform';
import { isDatabaseUnavailable } from './is-database-unavailable';
import { sqlState } from './tenant-transaction';

/** A password, a role or a database that the server does not take. */
const REFUSED_CONNECTION = new Set(['28P01', '28000', '3D000']);

const TOO_MANY_CONNECTIONS = '53300';

/** pg's, which has no code. */
const NO_TLS = /The server does not support SSL connections/;

/** Of Node.js: whom it is from, or whom it is for, is another than was expected. */
const UNTRUSTED_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/;
/** PgBouncer's, for start-up options; PostgreSQL itself takes those that we send. */
const REFUSED_OPTIONS = /unsupported startup parameter/;

const MAKES_LOGIN =
  '"npm run rollcall -- migrate" with DATABASE_OWNER_URL makes a login that is missing and gives it the password of DATABASE_URL';

/** Why a program could not start: one sentence where the cause is foreseen, the whole error with its stack where it is not. */
export function describeStartFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || error instanceof AppError) return error.message;
  return describeRefusedConnection(error, 'DATABASE_URL') ?? error.stack ?? error.message;
}

/** Why the server of a variable's URL gave no connection, in one sentence; undefined for every other error. */
export function describeRefusedConnection(
  error: Error,
  variable: 'DATABASE_URL' | 'DATABASE_OWNER_URL',
): string | undefined {
  const state = sqlState(error);
  const database = `The database that ${variable} names`;
  if (state === TOO_MANY_CONNECTIONS) {
    return `${database} has no connection left for us: raise max_connections there, or lower DATABASE_POOL_SIZE and QUEUE_POOL_SIZE here.`;
  }
  if (NO_TLS.test(error.message)) {
    return `${database} offers no TLS: switch ssl on there, or take sslmode out of the URL where the way to it is trusted.`;
  }
  if (state !== undefined && UNTRUSTED_CERTIFICATE.test(state)) {
    return `${database} shows a certificate that is not trusted (${state}): name its authority with sslrootcert=<file> in the URL, and the host as the certificate does.`;
  }
  if (REFUSED_OPTIONS.test(error.message)) {
    const advice =
      variable === 'DATABASE_URL'
        ? 'connect to PostgreSQL itself, or name it in DATABASE_DIRECT_URL as well (README.md, "Behind PgBouncer")'
        : 'the owner connects to PostgreSQL itself';
    return `${database} is behind a pooler, which takes no start-up options (${error.message}): ${advice}.`;
  }
  if (isDatabaseUnavailable(error)) return `${database} cannot be reached (${state ?? error.message}).`;
  if (state === undefined || !REFUSED_CONNECTION.has(state)) return undefined;
  const advice = variable === 'DATABASE_URL' && state.startsWith('28') ? ` (${MAKES_LOGIN})` : '';
  return `${database} refuses us: ${error.message}${advice}.`;
}
