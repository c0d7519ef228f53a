import type { Pool, PoolClient } from 'pg';
import { allowStatements } from './guard-session';

export interface LongTransaction {
  /** What each statement may take, then SQLSTATE 57014. */
  statementMs: number;
  /** What each may wait for a lock, then SQLSTATE 55P03; as long as it may take when absent. */
  lockMs?: number;
  /** READ COMMITTED when absent. */
  isolation?: 'REPEATABLE READ';
}

/**
 * Runs `work` in one transaction whose statements may take longer than those of the pool's sessions. Returns its result; what fails undoes everything and passes through.
 */
export async function longTransaction<T>(
  pool: Pool,
  { statementMs, lockMs = 0, isolation }: LongTransaction,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const restore = allowStatements(client, statementMs);
  let failure: Error | undefined;
  try {
    await client.query(isolation ? `BEGIN ISOLATION LEVEL ${isolation}` : 'BEGIN');
    await client.query(`SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)`, [
      String(statementMs),
      String(lockMs),
    ]);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = await client.query('ROLLBACK').then(
      () => undefined,
      (lost: Error) => lost,
    );
    throw error;
  } finally {
    restore();
    // One whose rollback failed is not used again.
    client.release(failure);
  }
}
