import { createDataSource } from '@rollcall/database';

/**
 * Where a text stands in a database, in any case, as `table: the row`: every column of every row of every table is looked at, those
 * that later migrations add included. Takes the URL of a superuser, who sees every row.
 */
export async function searchDatabase(adminUrl: string, text: string): Promise<string[]> {
  const admin = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  try {
    const tables = await admin.query<{ name: string }[]>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await admin.query<{ row: string }[]>(
        `SELECT t::text AS row FROM ${name} t WHERE strpos(lower(t::text), lower($1)) > 0`,
        [text],
      );
      found.push(...rows.map(({ row }) => `${name}: ${row}`));
    }
    return found;
  } finally {
    await admin.destroy();
  }
}
