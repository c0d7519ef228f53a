import { Client } from 'pg';

/** What `migrateDatabase` has written to both. */
const OF_THE_PROGRAM = ['migrations', 'sql_functions', 'database_version'];

/**
 * Brings every row of one migrated database to another of the same version, on whatever server, as a dump that is restored does; the
 * other's rows go. Takes the URLs of superusers.
 */
export async function copyDatabase(fromUrl: string, toUrl: string): Promise<void> {
  const from = new Client({ connectionString: fromUrl });
  const to = new Client({ connectionString: toUrl });
  await Promise.all([from.connect(), to.connect()]);
  try {
    // Foreign keys are as they were.
    await to.query('SET session_replication_role = replica');
    const { rows: tables } = await from.query<{ name: string; columns: string }>(TABLES, [OF_THE_PROGRAM]);
    await to.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
    for (const { name, columns } of tables) {
      // As text: numbers of 64 bits stay what they are.
      const { rows } = await from.query<{ all: string | null }>(
        `SELECT jsonb_agg(to_jsonb(t))::text AS all FROM ${name} t`,
      );
      await to.query(
        `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE
         SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
        [rows[0]?.all ?? '[]'],
      );
    }
    const { rows: defaults } = await from.query<{ default: string }>(EVENTS_DEFAULT);
    await to.query(`ALTER TABLE events ALTER COLUMN transaction_id SET DEFAULT ${defaults[0]?.default}`);
    const { rows: sequences } = await from.query<{ name: string; last: string }>(SEQUENCES);
    for (const { name, last } of sequences) await to.query('SELECT setval($1, $2)', [name, last]);
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

const TABLES = `
  SELECT c.oid::regclass::text AS name, (SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND NOT c.relname = ANY ($1)`;

const SEQUENCES = `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value AS last FROM pg_sequences
  WHERE schemaname = 'public' AND last_value IS NOT NULL`;

/** The one part of a schema that a database may have changed. */
const EVENTS_DEFAULT = `SELECT pg_get_expr(d.adbin, d.adrelid) AS default FROM pg_attrdef d JOIN pg_attribute a
  ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = 'events'::regclass AND a.attname = 'transaction_id'`;
