import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { APP_ROLE } from './connect-database';
import { FIRST_AFTER_RESTORE } from './database-version';
import type { DatabaseVersion } from './database-version';
import type { SqlFunction } from './read-functions';
import { BEING_RESTORED } from './server-identity';

/**
 * Makes the functions of the database those of the files, and writes down the version: what differs is replaced, rights
 * included, in one transaction. Needs the owner's connection and the migration lock. Returns the names of the functions that
 * were made or replaced. Throws the error of PostgreSQL when a file cannot be applied; nothing has happened then.
 */
export async function applyFunctions(
  dataSource: DataSource,
  functions: ReadonlyMap<string, SqlFunction>,
  version: DatabaseVersion,
): Promise<string[]> {
  return dataSource.transaction(async (manager) => {
    // Functions name each other and come in any order.
    await manager.query('SET LOCAL check_function_bodies = off');
    const installed = await readInstalled(manager);
    const replaced: string[] = [];
    for (const { name, text } of functions.values()) {
      const sha256 = createHash('sha256').update(text).digest('hex');
      const found = installed.get(name);
      if (found?.sha256 === sha256 && found.intact) continue;
      await replaceFunction(manager, { name, text, sha256 });
      replaced.push(name);
    }
    await listFunctions(manager, [...functions.keys()], version);
    await dropUnserved(manager, version);
    await manager.query(
      `INSERT INTO database_version (version, oldest_served) SELECT $1::int,
         CASE WHEN EXISTS (SELECT 1 FROM installation WHERE restored_time IS NOT NULL OR system_identifier = $4)
           THEN greatest($2::int, $3::int) ELSE $2 END
       ON CONFLICT (singleton) DO UPDATE SET version = excluded.version, oldest_served = excluded.oldest_served, update_time = now()`,
      [version.version, version.oldestServed, FIRST_AFTER_RESTORE, BEING_RESTORED],
    );
    return replaced;
  });
}

/** What PostgreSQL has made of a function's file, so that an edit by hand or a lost right is found. */
const INSTALLED_MD5 = `md5(pg_get_functiondef(p.oid) || coalesce(p.proacl::text, ''))`;
const IN_PUBLIC = `p.pronamespace = 'public'::regnamespace`;

async function readInstalled(manager: EntityManager): Promise<Map<string, { sha256: string; intact: boolean }>> {
  const rows = await manager.query<{ name: string; sha256: string; intact: boolean }[]>(
    `SELECT f.name, f.sha256, EXISTS (
       SELECT 1 FROM pg_proc p WHERE ${IN_PUBLIC} AND p.proname = f.name AND ${INSTALLED_MD5} = f.installed_md5) AS intact
     FROM sql_functions f`,
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/** Every function has the same rights: the application's role calls it, nobody else. A second one of the name is refused here. */
async function replaceFunction(
  manager: EntityManager,
  { name, text, sha256 }: { name: string; text: string; sha256: string },
): Promise<void> {
  await manager.query(text);
  await manager.query(`REVOKE ALL ON FUNCTION ${name} FROM public`);
  await manager.query(`GRANT EXECUTE ON FUNCTION ${name} TO ${APP_ROLE}`);
  await manager.query(
    `INSERT INTO sql_functions (name, sha256, installed_md5, listed_in)
     SELECT p.proname, $2, ${INSTALLED_MD5}, 0 FROM pg_proc p WHERE ${IN_PUBLIC} AND p.proname = $1
     ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, installed_md5 = excluded.installed_md5`,
    [name, sha256],
  );
}

/** Writes down in which version each function was named last, and in which one it was first missing. */
async function listFunctions(manager: EntityManager, names: string[], { version }: DatabaseVersion): Promise<void> {
  await manager.query('UPDATE sql_functions SET listed_in = $2, unlisted_in = NULL WHERE name = ANY ($1)', [
    names,
    version,
  ]);
  await manager.query('UPDATE sql_functions SET unlisted_in = $2 WHERE NOT name = ANY ($1) AND unlisted_in IS NULL', [
    names,
    version,
  ]);
}

/** Drops what an earlier version stopped naming and no process that is still served can call. */
async function dropUnserved(manager: EntityManager, { version, oldestServed }: DatabaseVersion): Promise<void> {
  // DELETE with RETURNING answers with the rows and their number.
  const [dropped] = await manager.query<[{ name: string }[], number]>(
    'DELETE FROM sql_functions WHERE unlisted_in < $1 AND listed_in < $2 RETURNING name',
    [version, oldestServed],
  );
  for (const { name } of dropped) await manager.query(`DROP FUNCTION IF EXISTS ${name}`);
}
