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

/** Rows of one statement, and directories that it looks at: short transactions. */
const EXPIRED_ROWS = 2_000;
const EXPIRED_DIRECTORIES = 500;

/**
 * Deletes what is older than `days` in the weeks that are not old enough to be dropped, batch by batch. Returns how many rows.
 * @param signal stops between two batches
 */
export async function deleteExpiredRows(dataSource: DataSource, days: number, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (let after: string | null = null; ;) {
    const [batch]: { deleted: string; next_after: string | null }[] = await dataSource.query(
      'SELECT deleted, next_after FROM delete_expired_rows($1, $2, $3, $4)',
      [days, after, EXPIRED_ROWS, EXPIRED_DIRECTORIES],
    );
    total += Number(batch?.deleted ?? 0);
    const isFull = Number(batch?.deleted ?? 0) >= EXPIRED_ROWS;
    after = batch?.next_after ?? null;
    if ((after === null && !isFull) || signal?.aborted) return total;
  }
}

/** Clears what receivers answered more than `days` ago, batch by batch; the status stays. Returns of how many attempts. */
export async function clearOldAnswers(dataSource: DataSource, days: number, signal?: AbortSignal): Promise<number> {
  for (let total = 0; ;) {
    const [batch] = await dataSource.query<{ cleared: string }[]>('SELECT clear_old_answers($1, $2) AS cleared', [
      days,
      EXPIRED_ROWS,
    ]);
    const cleared = Number(batch?.cleared ?? 0);
    total += cleared;
    if (cleared < EXPIRED_ROWS || signal?.aborted) return total;
  }
}
