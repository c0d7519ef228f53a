import { DataSource } from 'typeorm';
import type { ClientBase, Pool } from 'pg';
import { entities } from './entities';
import { gatherStatements } from './gather-statements';
import { guardSession, SESSION_MARK } from './guard-session';
import { migrations } from './migrations';
import { prepareStatements } from './prepare-statements';

export { DataSource, EntityManager, Repository } from 'typeorm';

/** The role that every process acts as; it owns nothing, so row-level security applies to it. */
export const APP_ROLE = 'rollcall_app';

/** The setting with which the owner sees every tenant's rows: migrations, and tools that the owner runs. */
export const EVERY_TENANT = 'rollcall.every_tenant';

export interface ConnectOptions {
  url: string;
  /** Role to act as from the first statement on; without it the login role itself. */
  role?: string;
  /** For the owner: lets statements see the rows of every tenant (migrations, and tools that work on the whole database). */
  everyTenant?: boolean;
  poolSize?: number;
  applicationName?: string;
  /**
   * What a statement may take, after which it fails with SQLSTATE 57014; a server that does not even say so is given up a little
   * later. With it nothing waits for ever: neither we for a server that has gone, nor others for what a session of ours that has
   * gone or stands still has locked. Without it as long as it takes, as for migrations.
   */
  statementMs?: number;
  /**
   * The URL leads through a pooler in transaction mode: sessions are opened without settings, which are the login's defaults there
   * (`LOGIN_DEFAULTS`), and nothing that lasts longer than a transaction works: LISTEN, SET, advisory locks of a session.
   */
  isPooled?: boolean;
}

/** For sessions that a request waits for: with the wait for a connection it is answered within 15 s. */
export const REQUEST_STATEMENT_MS = 8_000;
/** For a worker's sessions, whose statements do more at a time. */
export const WORK_STATEMENT_MS = 18_000;

/** A TypeORM data source, not yet connected; its Nest module and the migrations share this one definition. */
export function createDataSource(options: ConnectOptions): DataSource {
  return new DataSource(dataSourceOptions(options));
}

/** The TypeORM options of one process. */
export function dataSourceOptions(options: ConnectOptions) {
  const { url, poolSize = 8, applicationName = 'rollcall' } = options;
  return {
    type: 'postgres' as const,
    url,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each' as const,
    poolSize,
    applicationName,
    // Statements that do not wait for each other's answers go out together: how soon a transaction ends, its round trips decide.
    extra: { ...sessionOptions(options), pipeline: true },
  };
}

/** pg connection settings common to every pool of ours. */
export function sessionOptions({ role, everyTenant, statementMs, isPooled }: Omit<ConnectOptions, 'url'>) {
  return {
    // jit costs more than it gives on statements of a millisecond. Every statement that is run often has an index; to read a
    // table whole looks cheap while its statistics lag behind a tenant that has just come.
    options: isPooled
      ? undefined
      : [
          '-c timezone=UTC -c jit=off -c enable_seqscan=off',
          ...(role ? [`-c role=${role}`] : []),
          ...(everyTenant ? [`-c ${EVERY_TENANT}=on`] : []),
          ...(statementMs === undefined ? [] : [`-c statement_timeout=${statementMs}`, ...LOST_CLIENT_OPTIONS]),
          `-c ${SESSION_MARK.name}=${SESSION_MARK.value}`,
        ].join(' '),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    onConnect: (client: ClientBase) => {
      prepareStatements(client);
      gatherStatements(client);
      return guardSession(client, { role, statementMs, isPooled });
    },
  };
}

/**
 * By which the server finds out that its client has gone, or stands still within a transaction, and lets go of what it has locked:
 * within 30 s, whatever the client was doing.
 */
const LOST_CLIENT_OPTIONS = [
  '-c idle_in_transaction_session_timeout=15s',
  '-c tcp_user_timeout=20s',
  '-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
];

/** The pg pool under a connected data source, for named prepared statements, which TypeORM does not offer. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
