import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import record from './database-record.json';

/** What a database's tables and functions are at, and the oldest version of a process that they still serve. */
export interface DatabaseVersion {
  version: number;
  oldestServed: number;
}

/** The version that this program was built with: its own as a process, and what it brings a database to. */
export const OWN_VERSION: DatabaseVersion = { version: record.version, oldestServed: record.oldestServed };

/**
 * The first version whose processes know of epochs and of ids that are ahead of the server's: once a database was restored, an older
 * one would give numbers out that consumers take for those of before.
 */
export const FIRST_AFTER_RESTORE = 7;

/**
 * Refuses a database that this program cannot work with. Takes a connection of any role. Throws AppError `schema_too_old` when
 * it was not brought up to date for this program, `schema_too_new` when it no longer serves a program as old as this one.
 */
export async function checkDatabaseVersion(
  dataSource: DataSource,
  { version }: Pick<DatabaseVersion, 'version'> = OWN_VERSION,
): Promise<void> {
  const stored = await readDatabaseVersion(dataSource);
  if (!stored || stored.version < version) {
    throw new AppError({
      kind: 'unavailable',
      code: 'schema_too_old',
      message: stored
        ? `The database is at version ${stored.version} and this Rollcall needs version ${version}: run "npm run rollcall -- migrate".`
        : 'The database is not set up: run "npm run rollcall -- bootstrap" with DATABASE_OWNER_URL, or start "npm start" with it once.',
    });
  }
  refuseUnserved(stored, version);
}

/** Throws AppError `schema_too_new` when a database no longer serves programs of the given version. */
export function refuseUnserved(stored: DatabaseVersion, version: number): void {
  if (version >= stored.oldestServed) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'schema_too_new',
    message: `The database was migrated by a newer Rollcall and serves programs from version ${stored.oldestServed} on, this one is of version ${version}: start the newer Rollcall or restore a backup.`,
  });
}

/** What is stored of a database's version; null when it has none. */
export async function readDatabaseVersion(dataSource: DataSource): Promise<DatabaseVersion | null> {
  const [table] = await dataSource.query<{ found: string | null }[]>(
    `SELECT to_regclass('public.database_version') AS found`,
  );
  if (!table?.found) return null;
  const [row] = await dataSource.query<DatabaseVersion[]>(
    'SELECT version, oldest_served AS "oldestServed" FROM database_version',
  );
  return row ?? null;
}
