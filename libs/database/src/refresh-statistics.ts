import type { DataSource } from 'typeorm';

/** Lets PostgreSQL look again at tables that have grown several times over since it last did; returns their names. */
export async function refreshStatistics(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT refresh_statistics() AS name');
  return rows.map((row) => row.name);
}
