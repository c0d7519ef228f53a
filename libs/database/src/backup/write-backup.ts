import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { to as copyTo } from 'pg-copy-streams';
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { refuseStranger } from '../migrate-database';
import { readDatabaseVersion } from '../database-version';
import { BACKUP_FORMAT, encodeFrames } from './backup-frames';
import type { BackupFrame, EndFrame, HeaderFrame } from './backup-frames';
import { quoteName } from '../quote-name';
import { copyConnection, IN_PUBLIC, openForCopy } from './open-for-copy';

/** Rows of a table that have been copied so far, as bytes before they are compressed. */
export interface CopyProgress {
  readonly table: string;
  readonly bytes: number;
  /** Known when the table is done. */
  readonly rows?: number;
}

export interface BackupReport {
  readonly time: string;
  readonly version: number;
  readonly tables: number;
  readonly rows: number;
}

/** What is read from PostgreSQL before it is handed on: enough that the lines between cost nothing. */
const PIECE_BYTES = 256 * 1024;

/** As fast as one core takes rows from PostgreSQL; more would halve the speed to save a tenth. */
const COMPRESSION_LEVEL = 3;

/** Made anew by whoever restores: which migrations ran, and the functions of the program that did. */
const MADE_BY_MIGRATING = ['migrations', 'database_version', 'sql_functions'];

/**
 * Writes all that Rollcall stores into `output`, compressed, as it was at one moment, while everything goes on. What is only
 * waiting to be found again (the queue, rate limits) is left out, and so are the secret key and PostgreSQL's logins. Needs the
 * owner's login, and holds a lock that only changes of tables wait for. Throws AppError `owner_refused`, `not_owner`,
 * `not_bootstrapped`, and the error of a stream or a statement that fails.
 */
export async function writeBackup(request: {
  ownerUrl: string;
  output: Writable;
  onProgress?: (progress: CopyProgress) => void;
}): Promise<BackupReport> {
  const { ownerUrl, output, onProgress = () => undefined } = request;
  const dataSource = await openForCopy(ownerUrl, { applicationName: 'rollcall-backup' });
  const runner = dataSource.createQueryRunner();
  try {
    await refuseStranger(dataSource);
    const version = await readVersion(dataSource);
    const client = await copyConnection(runner);
    const header = await beginSnapshot(client, version);
    const end: { rows: Record<string, number>; sequences: Record<string, string> } = { rows: {}, sequences: {} };
    const frames = readAll({ client, header, end, onProgress });
    await pipeline(encodeFrames(frames), createGzip({ level: COMPRESSION_LEVEL }), output);
    await client.query('COMMIT');
    const rows = Object.values(end.rows).reduce((sum, count) => sum + count, 0);
    return { time: header.time, version, tables: header.tables.length, rows };
  } finally {
    // A copy that was given up leaves its connection in the middle: it is closed and never used again.
    await dataSource.destroy();
  }
}

async function readVersion(dataSource: DataSource): Promise<number> {
  const stored = await readDatabaseVersion(dataSource);
  if (stored) return stored.version;
  throw new AppError({
    kind: 'unavailable',
    code: 'not_bootstrapped',
    message: 'There is nothing to back up: the database is not set up.',
  });
}

/** Locks first: a table that is dropped meanwhile, as an old week of a log is, would be empty in a snapshot of before. */
async function beginSnapshot(client: ClientBase, version: number): Promise<HeaderFrame> {
  const names = await readTables(client);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`LOCK TABLE ${names.map(({ name }) => quoteName(name)).join(', ')} IN ACCESS SHARE MODE`);
  await refuseHiddenRows(client);
  const partitions = await client.query<HeaderFrame['partitions'][number]>(PARTITIONS);
  const migrations = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  const server = await client.query<{ time: Date; postgres: string }>(
    `SELECT now() AS time, current_setting('server_version') AS postgres`,
  );
  const [{ time, postgres } = { time: new Date(0), postgres: '' }] = server.rows;
  return {
    kind: 'header',
    format: BACKUP_FORMAT,
    time: time.toISOString(),
    version,
    postgres,
    migrations: migrations.rows.map(({ name }) => name),
    tables: await readTables(client),
    partitions: partitions.rows,
  };
}

async function readTables(client: ClientBase): Promise<HeaderFrame['tables']> {
  const { rows } = await client.query<HeaderFrame['tables'][number]>(TABLES, [MADE_BY_MIGRATING]);
  return rows;
}

/** A policy that shows the owner nothing would make an empty backup, which nobody would notice. */
async function refuseHiddenRows(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(HIDING_TABLES);
  const [hidden] = rows;
  if (!hidden) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'not_owner',
    message: `Row-level security hides the rows of ${hidden.name} from this login: run "npm run rollcall -- migrate" with the owner's login in DATABASE_OWNER_URL first.`,
  });
}

async function* readAll(source: {
  client: ClientBase;
  header: HeaderFrame;
  end: { rows: Record<string, number>; sequences: Record<string, string> };
  onProgress: (progress: CopyProgress) => void;
}): AsyncGenerator<BackupFrame> {
  const { client, header, end, onProgress } = source;
  yield header;
  for (const { name, columns } of header.tables) {
    const list = columns.map(quoteName).join(', ');
    // As a query: a table with partitions, or with row-level security, is not copied by its name.
    const copy = client.query(copyTo(`COPY (SELECT ${list} FROM ${quoteName(name)}) TO STDOUT`));
    let bytes = 0;
    for await (const content of gatherPieces(copy)) {
      bytes += content.length;
      onProgress({ table: name, bytes });
      yield { kind: 'rows', table: name, content };
    }
    end.rows[name] = copy.rowCount;
    onProgress({ table: name, bytes, rows: copy.rowCount });
  }
  // Behind the rows: a sequence is no part of the snapshot, and may be ahead of them but never behind.
  const { rows } = await client.query<{ name: string; last: string }>(SEQUENCES);
  for (const { name, last } of rows) end.sequences[name] = last;
  yield { kind: 'end', ...end } satisfies EndFrame;
}

async function* gatherPieces(copy: Readable): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const chunk of copy as AsyncIterable<Buffer>) {
    gathered.push(chunk);
    size += chunk.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(gathered);
    [gathered, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(gathered);
}

/** An unlogged table may be empty after any crash: nobody relies on it. */
const TABLES = `
  SELECT c.relname AS name, json_agg(a.attname ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  WHERE ${IN_PUBLIC} AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition AND c.relname <> ALL ($1)
  GROUP BY c.relname ORDER BY c.relname`;

const PARTITIONS = `
  SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bounds
  FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
  WHERE ${IN_PUBLIC} AND c.relispartition AND c.relkind = 'r' ORDER BY c.relname`;

const SEQUENCES = `
  SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
  WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'migrations_id_seq' ORDER BY 1`;

const HIDING_TABLES = `
  SELECT c.relname AS name FROM pg_class c
  WHERE ${IN_PUBLIC} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND row_security_active(c.oid)
    AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'owner' AND c.relowner = ANY (p.polroles))
  LIMIT 1`;
