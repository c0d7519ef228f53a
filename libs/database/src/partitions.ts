import type { DataSource } from 'typeorm';

/** Makes the log partitions of the next four weeks, and those of the audit log. Any process may call it at any time. */
export async function ensureLogPartitions(dataSource: DataSource): Promise<void> {
  await dataSource.query(`SELECT ensure_log_partitions(interval '4 weeks')`);
  await dataSource.query(`SELECT ensure_audit_partitions(interval '3 months')`);
}

/** Drops the log partitions that ended more than `days` ago; returns their names. */
export async function dropOldLogPartitions(dataSource: DataSource, days: number): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(
    "SELECT name FROM drop_log_partitions(now() - $1 * interval '1 day') AS name",
    [days],
  );
  return rows.map((row) => row.name);
}

/** Drops the months of the audit log that ended more than `days` ago, at least 30; returns their names. */
export async function dropOldAuditPartitions(dataSource: DataSource, days: number): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM drop_audit_partitions($1) AS name', [days]);
  return rows.map((row) => row.name);
}
