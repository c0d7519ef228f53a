import type { DataSource, EntityManager } from 'typeorm';

/** What PostgreSQL names a cluster by, its copies included; null where a managed service does not tell. */
export async function readServerIdentity(source: DataSource | EntityManager): Promise<string | null> {
  const [right] = await source.query<{ granted: boolean }[]>(
    `SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS granted`,
  );
  if (!right?.granted) return null;
  const [row] = await source.query<{ id: string }[]>('SELECT system_identifier::text AS id FROM pg_control_system()');
  return row?.id ?? null;
}

/**
 * Stands in the place of the server's name while a database is being restored: its rows are there, and its epochs are still those of
 * the backup. `checkRestored` refuses it. PostgreSQL's own names are digits.
 */
export const BEING_RESTORED = 'being restored';

/** Notes which server the database is on, if nobody did yet. */
export async function noteServer(source: DataSource | EntityManager): Promise<void> {
  await source.query('UPDATE installation SET system_identifier = $1 WHERE system_identifier IS NULL', [
    await readServerIdentity(source),
  ]);
}

/**
 * What to tell the operator of a database that is on another server than it was, which a restore may have brought there; null
 * when it is where it was, or nobody knows. Takes a connection of any role.
 */
export async function describeMove(dataSource: DataSource): Promise<string | null> {
  const [installation] = await dataSource.query<{ noted: string | null }[]>(
    'SELECT system_identifier AS noted FROM installation',
  );
  const here = await readServerIdentity(dataSource);
  if (!installation?.noted || here === null || installation.noted === here) return null;
  return 'The database is on another PostgreSQL server than it was. If a backup was restored there, events may be numbered again that consumers have: stop every process and run "npm run rollcall -- after-restore". If nothing was lost, as by pg_upgrade, "npm run rollcall -- after-restore --keep-epochs" ends this warning.';
}
