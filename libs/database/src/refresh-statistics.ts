import type { DataSource } from 'typeorm';
import { poolOf } from './connect-database';
import { longTransaction } from './long-transaction';

/** A large table on a slow disk takes its time. */
const STATEMENT_MS = 120_000;

/** Lets PostgreSQL look again at tables that have grown several times over since it last did; returns their names. */
export async function refreshStatistics(dataSource: DataSource): Promise<string[]> {
  const { rows } = await longTransaction(poolOf(dataSource), { statementMs: STATEMENT_MS }, (client) =>
    client.query<{ name: string }>('SELECT refresh_statistics() AS name'),
  );
  return rows.map((row) => row.name);
}
