import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { applyFunctions } from './apply-functions';
import { OWN_VERSION, readDatabaseVersion, refuseUnserved } from './database-version';
import type { DatabaseVersion } from './database-version';
import { makeAppLogin } from './ensure-app-login';
import type { DatabaseLogins } from './ensure-app-login';
import { forceRowSecurity } from './force-row-security';
import { openAsOwner } from './open-as-owner';
import { ensureLogPartitions } from './partitions';
import { readFunctions } from './read-functions';
import type { SqlFunction } from './read-functions';
import { noteServer } from './server-identity';

/** Any 64-bit number; all starters of one database take the same. */
export const MIGRATION_LOCK = 7_263_554_120_001n;
const OLDEST_POSTGRES = 150_000;

/**
 * Brings the database to this program's tables and functions, one starter at a time (advisory lock), and makes the application's
 * role and the login of `appUrl` when the owner may. A database that a newer program has brought up to date and that still serves
 * this one is left alone. Returns the names of the migrations that ran. Throws AppError when PostgreSQL is too old, the owner cannot log in or is
 * not the owner, the application's cannot be made (see makeAppLogin), or the database is of a version that cannot be brought up to date.
 */
export async function migrateDatabase(logins: DatabaseLogins): Promise<string[]> {
  const dataSource = await openAsOwner(logins.ownerUrl, { applicationName: 'rollcall-migrate', poolSize: 2 });
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseOldServer(dataSource);
    await refuseStranger(dataSource);
    await makeAppLogin(dataSource, logins);
    return await bringUpToDate(dataSource, readFunctions(), OWN_VERSION);
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}

/** The part of migrateDatabase that depends on the version; needs the migration lock. */
export async function bringUpToDate(
  dataSource: DataSource,
  functions: ReadonlyMap<string, SqlFunction>,
  version: DatabaseVersion,
): Promise<string[]> {
  const stored = await readDatabaseVersion(dataSource);
  if (stored) refuseUnserved(stored, version.version);
  else await refuseOlderThanBaseline(dataSource);
  if (stored && stored.version > version.version) return [];
  const applied = await dataSource.runMigrations();
  await forceRowSecurity(dataSource);
  await applyFunctions(dataSource, functions, version);
  await ensureLogPartitions(dataSource);
  await noteServer(dataSource);
  return applied.map(({ name }) => name);
}

/** Throws AppError `postgres_too_old`. */
export async function refuseOldServer(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ version: string; number: string }[]>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
  );
  if (row && Number(row.number) < OLDEST_POSTGRES) {
    throw new AppError({
      kind: 'unavailable',
      code: 'postgres_too_old',
      message: `Rollcall needs PostgreSQL 15 or newer; DATABASE_URL leads to ${row.version}.`,
    });
  }
}

/** A login that may neither change the tables there are nor make the first ones would fail halfway, with a message of PostgreSQL. Throws AppError `not_owner`. */
export async function refuseStranger(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ login: string; owns: boolean }[]>(
    `SELECT current_user AS login, CASE WHEN c.oid IS NULL THEN has_schema_privilege('public', 'CREATE')
       ELSE pg_has_role(c.relowner, 'USAGE') END AS owns
     FROM (SELECT to_regclass('public.migrations') AS oid) m LEFT JOIN pg_class c ON c.oid = m.oid`,
  );
  if (!row || row.owns) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'not_owner',
    message: `"${row.login}" does not own this database's tables: put the owner's login into DATABASE_OWNER_URL.`,
  });
}

async function refuseOlderThanBaseline(dataSource: DataSource): Promise<void> {
  const [table] = await dataSource.query<{ found: string | null }[]>(
    `SELECT to_regclass('public.migrations') AS found`,
  );
  if (!table?.found) return;
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const unknown = await dataSource.query<unknown[]>('SELECT 1 FROM migrations WHERE NOT name = ANY ($1)', [known]);
  if (unknown.length === 0) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'schema_before_baseline',
    message:
      'This database was made by a Rollcall from before the first release and cannot be brought up to date: start with an empty one (another DATA_DIR or DATABASE_URL).',
  });
}
