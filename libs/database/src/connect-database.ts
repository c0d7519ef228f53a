import { DataSource } from 'typeorm';
import type { ClientBase, Pool } from 'pg';
import { entities } from './entities';
import { migrations } from './migrations';

export { DataSource, EntityManager, Repository } from 'typeorm';

/** The role that every process acts as; it owns nothing, so row-level security applies to it. */
export const APP_ROLE = 'rollcall_app';

export interface ConnectOptions {
  url: string;
  /** Role to act as from the first statement on; without it the login role itself. */
  role?: string;
  poolSize?: number;
  applicationName?: string;
  /** What a statement waits for a lock at most before it fails with SQLSTATE 55P03; without it as long as it takes. */
  lockTimeoutMs?: number;
  /** After how long a connection that does not answer a statement is given up; without it never. */
  answerTimeoutMs?: number;
}

/** A TypeORM data source, not yet connected; its Nest module and the migrations share this one definition. */
export function createDataSource(options: ConnectOptions): DataSource {
  return new DataSource(dataSourceOptions(options));
}

/** The TypeORM options of one process. */
export function dataSourceOptions({ url, role, poolSize = 8, applicationName = 'rollcall' }: ConnectOptions) {
  return {
    type: 'postgres' as const,
    url,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each' as const,
    poolSize,
    applicationName,
    extra: sessionOptions({ role }),
  };
}

/** pg connection settings common to every pool of ours. */
export function sessionOptions({ role, lockTimeoutMs, answerTimeoutMs }: Omit<ConnectOptions, 'url'>) {
  return {
    // jit costs more than it gives on statements of a millisecond. Every statement that is run often has an index; to read a
    // table whole looks cheap while its statistics lag behind a tenant that has just come.
    options: [
      '-c timezone=UTC -c jit=off -c enable_seqscan=off',
      ...(role ? [`-c role=${role}`] : []),
      ...(lockTimeoutMs === undefined ? [] : [`-c lock_timeout=${lockTimeoutMs}`]),
    ].join(' '),
    connectionTimeoutMillis: 5_000,
    ...(answerTimeoutMs !== undefined && { query_timeout: answerTimeoutMs }),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    onConnect: hearConnectionErrors,
  };
}

/**
 * A pool is given the errors of idle connections only. One that is lost in use fails whoever waits for its statement, and then
 * emits 'error' as well, which ends the process unless it is heard.
 */
function hearConnectionErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}

/** The pg pool under a connected data source, for named prepared statements, which TypeORM does not offer. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
