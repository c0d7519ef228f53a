import { realpath } from 'node:fs/promises';
import { Client, DatabaseError } from 'pg';
import { StartError } from './start-error';

/**
 * Connects as the superuser to the server of this cluster. Answers 'starting' while it recovers or shuts down and
 * 'absent' while nothing listens there. Throws a StartError when a server of another cluster answers.
 */
export async function connectAdmin(
  port: number,
  password: string,
  clusterDir: string,
): Promise<Client | 'starting' | 'absent'> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    application_name: 'rollcall start',
    connectionTimeoutMillis: 5_000,
  });
  // A connection that ends is noticed by its 'end'; without a listener the error would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
    if (rows[0] && (await realpath(rows[0].folder)) === (await realpath(clusterDir))) return client;
    await client.end();
  } catch (error) {
    await client.end();
    // cannot_connect_now: it starts, recovers or shuts down.
    if (error instanceof DatabaseError && error.code === '57P03') return 'starting';
    if (!(error instanceof DatabaseError)) return 'absent';
    // admin_shutdown and crash_shutdown: it went while we asked. invalid_password: not the server we look for.
    if (error.code === '57P01' || error.code === '57P02') return 'absent';
    if (error.code !== '28P01') throw error;
  }
  throw new StartError(`The PostgreSQL on port ${port} does not take the passwords kept in ${clusterDir}.`);
}
