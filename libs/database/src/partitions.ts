import type { DataSource } from 'typeorm';
import { poolOf } from './connect-database';
import { longTransaction } from './long-transaction';

/**
 * Whoever waits to change a log's partitions keeps all who come later from the log. So a lock that another one holds for long,
 * such as a dump of the database, is not waited for: four weeks ahead there is time for another try.
 */
const MAINTENANCE = { statementMs: 300_000, lockMs: 2_000 };

/** Makes the log partitions of the next four weeks, and those of the audit log. Any process may call it at any time. Fails with a lock timeout, see above. */
export async function ensureLogPartitions(dataSource: DataSource): Promise<void> {
  await longTransaction(poolOf(dataSource), MAINTENANCE, (client) =>
    client.query(`SELECT ensure_log_partitions(interval '4 weeks'), ensure_audit_partitions(interval '3 months')`),
  );
}

/** Drops the log partitions that ended more than `days` ago; returns their names. Fails with a lock timeout, see above. */
export async function dropOldLogPartitions(dataSource: DataSource, days: number): Promise<string[]> {
  return dropPartitions(
    dataSource,
    "SELECT name FROM drop_log_partitions(now() - $1 * interval '1 day') AS name",
    days,
  );
}

/** The same with the months of the audit log, after at least 30 days. */
export async function dropOldAuditPartitions(dataSource: DataSource, days: number): Promise<string[]> {
  return dropPartitions(dataSource, 'SELECT name FROM drop_audit_partitions($1) AS name', days);
}

async function dropPartitions(dataSource: DataSource, text: string, days: number): Promise<string[]> {
  const { rows } = await longTransaction(poolOf(dataSource), MAINTENANCE, (client) =>
    client.query<{ name: string }>(text, [days]),
  );
  return rows.map((row) => row.name);
}
