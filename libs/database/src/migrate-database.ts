import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { APP_ROLE, createDataSource } from './connect-database';

/** Any 64-bit number; all starters of one database take the same. */
const MIGRATION_LOCK = 7_263_554_120_001n;
const OLDEST_POSTGRES = 150_000;

/**
 * Brings the database to the newest schema, one starter at a time (advisory lock), and makes the runtime role when the owner
 * may. Takes the owner's URL; returns the names of the migrations that ran. Throws AppError when PostgreSQL is too old, the
 * role cannot be made, or the database has a newer schema than this program.
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
    await refuseNewerSchema(dataSource);
    await ensureAppRole(dataSource);
    const applied = await dataSource.runMigrations();
    return applied.map(({ name }) => name);
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
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

async function refuseNewerSchema(dataSource: DataSource): Promise<void> {
  const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
  const [table] = await dataSource.query<{ found: string | null }[]>(
    `SELECT to_regclass('public.migrations') AS found`,
  );
  if (!table?.found) return;
  const applied = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  const unknown = applied.filter(({ name }) => !known.has(name));
  if (unknown.length === 0) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'schema_too_new',
    message: `The database was migrated by a newer Rollcall (${unknown[0]?.name}); start that version or restore a backup.`,
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
