import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyStreamQuery } from 'pg-copy-streams';
import type { ClientBase } from 'pg';
import { MigrationExecutor } from 'typeorm';
import type { DataSource, QueryRunner } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { OWN_VERSION } from '../database-version';
import { makeAppLogin } from '../ensure-app-login';
import type { DatabaseLogins } from '../ensure-app-login';
import { migrateDatabase, MIGRATION_LOCK, refuseOldServer, refuseStranger } from '../migrate-database';
import { migrations } from '../migrations';
import { asOwner } from '../bootstrap-database';
import { damaged, decodeFrames } from './backup-frames';
import type { BackupFrame, EndFrame, HeaderFrame } from './backup-frames';
import { BEING_RESTORED } from '../server-identity';
import { quoteName } from '../quote-name';
import { copyConnection, IN_PUBLIC, openForCopy } from './open-for-copy';
import type { BackupReport, CopyProgress } from './write-backup';

export interface RestoreReport extends BackupReport {
  /** Migrations that have brought the restored tables to this program's. */
  readonly migrated: readonly string[];
}

/** A backup that was read from end to end and is whole. */
export interface Backup {
  readonly header: HeaderFrame;
  readonly end: EndFrame;
  /** Its bytes once more, from their beginning. */
  readonly open: () => Readable;
}

export interface RestoreRequest extends DatabaseLogins {
  readonly backup: Backup;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** The rows are in the database, which is no longer empty whatever follows. */
  readonly onFilled?: () => void;
}

/** Nothing else is run as it stands in the file. */
const BOUNDS = /^FOR VALUES FROM \('[0-9a-z]+'\) TO \('[0-9a-z]+'\)$/;

/**
 * Reads a backup from end to end, before anything is made of it. Throws AppError `backup_damaged`, `backup_too_new`, and the error of the
 * stream.
 */
export async function readBackup(open: () => Readable): Promise<Backup> {
  let header: HeaderFrame | undefined;
  let end: EndFrame | undefined;
  for await (const frame of decodeFrames(gunzip(open()))) {
    if (frame.kind === 'header') header = frame;
    if (frame.kind === 'end') end = frame;
  }
  if (!header || !end) throw damaged('it ends in the middle');
  chooseMigrations(header);
  return { header, end, open };
}

/**
 * Fills an empty database with a backup, all its rows or nothing: one transaction makes the tables that the backup was taken from and copies
 * its rows into them; then they are brought to this program's, as by an upgrade. No process serves it before `settleRestore` is done. Makes
 * the application's role, and the login of `appUrl`.
 * Throws AppError `database_not_empty`, `backup_damaged` when the file has changed meanwhile, and what migrateDatabase throws.
 */
export async function restoreBackup(request: RestoreRequest): Promise<RestoreReport> {
  const { backup, onProgress = () => undefined, onFilled = () => undefined, ...logins } = request;
  const { ownerUrl } = logins;
  const { header, end, open } = backup;
  const dataSource = await openForCopy(ownerUrl, {
    applicationName: 'rollcall-restore',
    known: chooseMigrations(header),
  });
  try {
    await refuseOldServer(dataSource);
    await refuseStranger(dataSource);
    await refuseFilled(dataSource);
    await makeAppLogin(dataSource, logins);
    await fill(dataSource, { header, frames: decodeFrames(gunzip(open())), onProgress });
  } finally {
    await dataSource.destroy();
  }
  onFilled();
  const migrated = await migrateDatabase(logins);
  // Nobody has looked at these tables yet: without statistics the first statements would be planned at random.
  const tables = header.tables.map(({ name }) => quoteName(name));
  await asOwner(ownerUrl, (owner) => owner.query(`ANALYZE ${tables.join(', ')}`));
  const rows = Object.values(end.rows).reduce((sum, count) => sum + count, 0);
  return { time: header.time, version: header.version, tables: tables.length, rows, migrated };
}

async function* gunzip(input: Readable): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  const failing = pipeline(input, unpacked).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    const failure = (await failing) ?? error;
    throw isOfZlib(failure) ? damaged('it was cut off or changed, or is another file', failure) : failure;
  }
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}

/** Throws AppError for a backup of tables that this program does not know. */
function chooseMigrations(header: HeaderFrame): typeof migrations {
  const known = migrations.filter(({ name }) => header.migrations.includes(name));
  if (header.version <= OWN_VERSION.version && known.length === header.migrations.length) return known;
  throw new AppError({
    kind: 'unavailable',
    code: 'backup_too_new',
    message: `This backup is of a database at version ${header.version}, and this Rollcall knows those up to version ${OWN_VERSION.version}: restore it with the Rollcall that made it, or a newer one.`,
  });
}

async function refuseFilled(connection: Pick<DataSource, 'query'>): Promise<void> {
  const [found] = await connection.query<{ name: string }[]>(FIND_TABLE);
  if (!found) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'database_not_empty',
    message: `The database is not empty (it has a table "${found.name}"): restore into a new one, by another DATA_DIR or by DATABASE_URL and DATABASE_OWNER_URL of an empty database.`,
  });
}

const FIND_TABLE = `SELECT c.relname AS name FROM pg_class c WHERE ${IN_PUBLIC} AND c.relkind IN ('r', 'p') LIMIT 1`;

interface Filling {
  readonly header: HeaderFrame;
  readonly frames: AsyncIterable<BackupFrame>;
  readonly onProgress: (progress: CopyProgress) => void;
}

/** What it has not committed when it fails is undone with its connection. */
async function fill(dataSource: DataSource, { header, frames, onProgress }: Filling): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const client = await copyConnection(runner);
  await client.query('BEGIN');
  // Whoever starts meanwhile waits, and finds a database that is set up.
  await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await refuseFilled(runner.manager);
  await makeTables(dataSource, runner, header);
  const { rows: foreignKeys } = await client.query<ForeignKey>(FOREIGN_KEYS);
  for (const { table, name } of foreignKeys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  // Some migrations put rows into what they make.
  await client.query(`TRUNCATE ${header.tables.map(({ name }) => quoteName(name)).join(', ')}`);
  await copyRows(client, { header, frames, onProgress });
  for (const { table, name, definition } of foreignKeys)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  // What was backed up before there were epochs has no place for the mark, and gets its tables by a migration first.
  if (hasColumn(header, 'installation', 'system_identifier'))
    await client.query('UPDATE installation SET system_identifier = $1', [BEING_RESTORED]);
  await client.query('COMMIT');
}

function hasColumn({ tables }: HeaderFrame, table: string, column: string): boolean {
  return tables.some(({ name, columns }) => name === table && columns.includes(column));
}

async function makeTables(dataSource: DataSource, runner: QueryRunner, header: HeaderFrame): Promise<void> {
  const executor = new MigrationExecutor(dataSource, runner);
  // In the transaction of the whole.
  executor.transaction = 'none';
  await executor.executePendingMigrations();
  for (const { name, parent, bounds } of header.partitions) {
    if (!BOUNDS.test(bounds)) throw damaged(`it has a partition "${name}" of another kind`);
    await runner.query(`CREATE TABLE IF NOT EXISTS ${quoteName(name)} PARTITION OF ${quoteName(parent)} ${bounds}`);
  }
}

/** Every key is checked when all rows are there: tables refer to each other in circles. */
interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

const FOREIGN_KEYS = `
  SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace ORDER BY 1, 2`;

interface OpenCopy {
  readonly table: string;
  readonly stream: CopyStreamQuery;
  /** Rejects when PostgreSQL does not take the rows. */
  readonly done: Promise<void>;
  bytes: number;
}

async function copyRows(client: ClientBase, { header, frames, onProgress }: Filling): Promise<void> {
  const columns = new Map(header.tables.map((table) => [table.name, table.columns]));
  const copied: Record<string, number> = {};
  let copy: OpenCopy | undefined;
  for await (const frame of frames) {
    if (frame.kind === 'header') continue;
    if (copy && (frame.kind === 'end' || frame.table !== copy.table)) {
      copied[copy.table] = await endCopy(copy);
      onProgress({ table: copy.table, bytes: copy.bytes, rows: copied[copy.table] });
      copy = undefined;
    }
    if (frame.kind === 'end') {
      refuseOtherCounts(frame, copied);
      for (const [name, last] of Object.entries(frame.sequences))
        await client.query('SELECT setval($1::regclass, $2)', [quoteName(name), last]);
      continue;
    }
    copy ??= beginCopy(client, frame.table, columns.get(frame.table) ?? []);
    await writePiece(copy, frame.content);
    onProgress({ table: copy.table, bytes: copy.bytes });
  }
}

function beginCopy(client: ClientBase, table: string, columns: readonly string[]): OpenCopy {
  const list = columns.map(quoteName).join(', ');
  const stream = client.query(copyFrom(`COPY ${quoteName(table)} (${list}) FROM STDIN`));
  const done = finished(stream);
  // Whoever writes or ends learns of it.
  done.catch(() => undefined);
  return { table, stream, done, bytes: 0 };
}

async function writePiece(copy: OpenCopy, content: Buffer): Promise<void> {
  copy.bytes += content.length;
  if (copy.stream.destroyed) await copy.done;
  if (!copy.stream.write(content)) await Promise.race([once(copy.stream, 'drain'), copy.done]);
}

async function endCopy({ stream, done }: OpenCopy): Promise<number> {
  stream.end();
  await done;
  return stream.rowCount;
}

function refuseOtherCounts({ rows }: EndFrame, copied: Readonly<Record<string, number>>): void {
  const other = Object.keys(rows).find((table) => rows[table] !== (copied[table] ?? 0));
  if (other) throw damaged(`it says ${rows[other]} rows of ${other} and has ${copied[other] ?? 0}`);
}
