import type { DataSource } from 'typeorm';

/** Makes the log partitions of the next four weeks. Any process may call it at any time. */
export async function ensureLogPartitions(dataSource: DataSource): Promise<void> {
  await dataSource.query(`SELECT ensure_log_partitions(interval '4 weeks')`);
}

/** Drops the log partitions that ended more than `days` ago; returns their names. */
export async function dropOldLogPartitions(dataSource: DataSource, days: number): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(
    "SELECT name FROM drop_log_partitions(now() - $1 * interval '1 day') AS name",
    [days],
  );
  return rows.map((row) => row.name);
}
