import { Client } from 'pg';
import type { TestDatabase } from '@rollcall/testing';

/** What PostgreSQL may believe of tables: its statistics follow them only after a while. */
export const STATISTICS = ['of now', 'of one transaction', 'of empty tables', 'that are missing'] as const;

export type Statistics = (typeof STATISTICS)[number];

const TABLES = `
  SELECT c.oid FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND coalesce(i.inhparent, c.oid) = ANY ($1::regclass[])`;

/** Makes a test database plan statements over some tables, partitions included, with such statistics, until autovacuum comes. */
export async function setStatistics(
  { adminUrl }: TestDatabase,
  tables: readonly string[],
  statistics: Statistics,
): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`ANALYZE ${tables.join(', ')}`);
  if (statistics === 'of one transaction') {
    await admin.query(
      `UPDATE pg_statistic SET stadistinct = 1, stakind1 = 0, stakind2 = 0, stakind3 = 0, stakind4 = 0, stakind5 = 0
       FROM pg_attribute a WHERE a.attrelid = starelid AND a.attnum = staattnum AND a.attname = 'transaction_id'
         AND starelid IN (${TABLES})`,
      [tables],
    );
  } else if (statistics !== 'of now') {
    await admin.query(`DELETE FROM pg_statistic WHERE starelid IN (${TABLES})`, [tables]);
    const rows = statistics === 'of empty tables' ? 0 : -1;
    await admin.query(`UPDATE pg_class SET relpages = 0, reltuples = $2 WHERE oid IN (${TABLES})`, [tables, rows]);
  }
  await admin.end();
}
