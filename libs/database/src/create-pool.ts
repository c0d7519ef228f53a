import { Pool } from 'pg';
import { sessionOptions } from './connect-database';
import type { ConnectOptions } from './connect-database';

/**
 * A pg pool beside the data source, for a library that brings its own statements (BullMQ on PostgreSQL). Connects lazily; the
 * caller ends it. Errors of idle connections go to `onError`, or an unhandled 'error' event would end the process.
 */
export function createPool(options: ConnectOptions & { onError: (error: Error) => void }): Pool {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize ?? 8,
    application_name: options.applicationName ?? 'rollcall',
    ...sessionOptions(options),
  });
  pool.on('error', options.onError);
  return pool;
}
