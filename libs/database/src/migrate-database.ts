import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { applyFunctions } from './apply-functions';
import { APP_ROLE, createDataSource } from './connect-database';
import { OWN_VERSION, readDatabaseVersion, refuseUnserved } from './database-version';
import type { DatabaseVersion } from './database-version';
import { ensureLogPartitions } from './partitions';
import { readFunctions } from './read-functions';
import type { SqlFunction } from './read-functions';

/** Any 64-bit number; all starters of one database take the same. */
const MIGRATION_LOCK = 7_263_554_120_001n;
const OLDEST_POSTGRES = 150_000;

/**
 * Brings the database to this program's tables and functions, one starter at a time (advisory lock), and makes the runtime role
 * when the owner may. A database that a newer program has brought up to date and that still serves this one is left alone.
 * Takes the owner's URL; returns the names of the migrations that ran. Throws AppError when PostgreSQL is too old, the role
 * cannot be made, or the database is of a version that cannot be brought up to date.
 */
export async function migrateDatabase({ ownerUrl }: { ownerUrl: string }): Promise<string[]> {
  const dataSource = await createDataSource({
    url: ownerUrl,
    poolSize: 2,
    applicationName: 'rollcall-migrate',
  }).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseOldServer(dataSource);
    await ensureAppRole(dataSource);
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
  await applyFunctions(dataSource, functions, version);
  await ensureLogPartitions(dataSource);
  return applied.map(({ name }) => name);
}

async function refuseOldServer(dataSource: DataSource): Promise<void> {
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

async function ensureAppRole(dataSource: DataSource): Promise<void> {
  try {
    await dataSource.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '${APP_ROLE}') THEN
        CREATE ROLE ${APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
      END IF;
      IF NOT pg_has_role(current_user, '${APP_ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT ${APP_ROLE} TO %I', current_user);
      END IF;
    END $$`);
  } catch (cause) {
    throw new AppError({
      kind: 'unavailable',
      code: 'app_role_missing',
      message: `The role ${APP_ROLE} is missing and this user may not make it. As an administrator run: CREATE ROLE ${APP_ROLE} NOLOGIN; GRANT ${APP_ROLE} TO the user of DATABASE_URL.`,
      cause,
    });
  }
}
