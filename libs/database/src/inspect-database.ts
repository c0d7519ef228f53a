import type { DataSource } from 'typeorm';

/** What a PostgreSQL server and a database in it are like, as far as it decides how Rollcall runs there. */
export interface DatabaseFacts {
  readonly version: string;
  readonly versionNumber: number;
  /** By name; null for what this version does not have. */
  readonly settings: Readonly<Record<(typeof SETTINGS)[number], string | null>>;
  /** Connections of all clients now, ours included. */
  readonly connections: number;
  readonly bytes: number;
  /** A standby, or a server that takes no writes for another reason. */
  readonly isReadOnly: boolean;
  /** Milliseconds by which the database's clock is ahead of ours; `toleranceMs`: what the measure cannot tell. */
  readonly clock: { readonly aheadMs: number; readonly toleranceMs: number };
  /** Tables whose owner is not behind their row-level security. */
  readonly openTables: readonly string[];
  /** Until when each log has partitions. */
  readonly logs: readonly { readonly name: string; readonly until: Date | null }[];
  readonly queueIsReachable: boolean;
  /** What the application's role has to be able to do here, and is not. */
  readonly missingRights: readonly string[];
  /** Replication slots that nobody reads: what is written is kept for them. */
  readonly idleSlots: readonly string[];
}

const SETTINGS = [
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_level',
  'synchronous_standby_names',
] as const;

/** Reads what the application's login may see of its server and its database. */
export async function inspectDatabase(dataSource: DataSource): Promise<DatabaseFacts> {
  const [server] =
    await dataSource.query<
      Omit<DatabaseFacts, 'settings' | 'clock' | 'logs' | 'openTables' | 'missingRights' | 'idleSlots'>[]
    >(SERVER);
  if (!server) throw new Error('PostgreSQL did not tell what it is');
  const settings = await dataSource.query<{ name: string; value: string | null }[]>(
    'SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS name',
    [[...SETTINGS]],
  );
  return {
    ...server,
    settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])) as DatabaseFacts['settings'],
    clock: await compareClocks(dataSource),
    openTables: await readNames(dataSource, OPEN_TABLES),
    missingRights: await readNames(dataSource, MISSING_RIGHTS),
    idleSlots: await readNames(dataSource, IDLE_SLOTS),
    logs: await dataSource.query<DatabaseFacts['logs'][number][]>(LOGS),
  };
}

async function readNames(dataSource: DataSource, select: string): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(select);
  return rows.map(({ name }) => name);
}

async function compareClocks(dataSource: DataSource): Promise<DatabaseFacts['clock']> {
  const asked = Date.now();
  const [row] = await dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
  const answered = Date.now();
  const toleranceMs = (answered - asked) / 2;
  return { aheadMs: Math.round((row?.now.getTime() ?? 0) - (asked + toleranceMs)), toleranceMs };
}

/** Who holds back the feed over several directories. */
export interface FeedHolder {
  readonly transactionId: string;
  /** Null where this login may not see it. */
  readonly login: string | null;
  readonly applicationName: string | null;
  readonly pid: number | null;
}

/** The oldest transaction that runs here while later ones are over, if there is one: the feed shows nothing that began after it. */
export async function findFeedHolder(dataSource: DataSource): Promise<FeedHolder | null> {
  const [holder] = await dataSource.query<FeedHolder[]>(
    `SELECT r.id::text AS "transactionId", a.pid, o.rolname AS login, a.application_name AS "applicationName"
     FROM (SELECT pg_snapshot_xip(pg_current_snapshot())::text::bigint AS id) r
     LEFT JOIN pg_stat_get_activity(NULL) a ON a.backend_xid::text::bigint = r.id % 4294967296
     LEFT JOIN pg_roles o ON o.oid = a.usesysid
     WHERE a.datid IS NULL OR a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
     ORDER BY r.id LIMIT 1`,
  );
  return holder ?? null;
}

const SERVER = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num')::integer AS "versionNumber",
    (SELECT sum(numbackends)::integer FROM pg_stat_database) AS connections,
    pg_database_size(current_database())::double precision AS bytes,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS "isReadOnly",
    CASE WHEN to_regnamespace('bullmq') IS NULL THEN false ELSE has_schema_privilege('bullmq', 'USAGE') END AS "queueIsReachable"`;

const OPEN_TABLES = `
  SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relrowsecurity AND NOT c.relforcerowsecurity ORDER BY 1`;

/** Every function has the same rights, and the queue makes temporary tables. */
const MISSING_RIGHTS = `
  SELECT 'function ' || p.proname AS name FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace AND NOT has_function_privilege(p.oid, 'EXECUTE')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  UNION ALL SELECT 'temporary tables' WHERE NOT has_database_privilege(current_database(), 'TEMPORARY')
  ORDER BY 1`;

const IDLE_SLOTS = `SELECT slot_name::text AS name FROM pg_replication_slots WHERE NOT active ORDER BY 1`;

/** A partition is named after the day, or the month, that it begins with. */
const LOGS = `
  SELECT p.relname AS name, max(CASE WHEN c.relname ~ '_[0-9]{8}$'
      THEN to_timestamp(right(c.relname, 8), 'YYYYMMDD') AT TIME ZONE 'UTC' + interval '7 days'
      ELSE to_timestamp(right(c.relname, 6), 'YYYYMM') AT TIME ZONE 'UTC' + interval '1 month' END) AT TIME ZONE 'UTC' AS until
  FROM pg_class p LEFT JOIN pg_inherits i ON i.inhparent = p.oid
  LEFT JOIN pg_class c ON c.oid = i.inhrelid AND c.relname ~ '_[0-9]{6}([0-9]{2})?$'
  WHERE p.relnamespace = 'public'::regnamespace AND p.relkind = 'p' GROUP BY p.relname ORDER BY 1`;
