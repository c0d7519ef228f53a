import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Shares } from '@rollcall/platform';
import { callFunction, createLongCaller } from '@rollcall/database';
import type { CallGatherer, FunctionCaller } from '@rollcall/database';

/** Connections of which each directory uses no more than its share at a time. */
export interface SharedPool extends CallGatherer {
  /** Runs statements in one read-only transaction, which see the database as the first of them found it. */
  read<Result>(directoryId: string, work: (client: PoolClient) => Promise<Result>): Promise<Result>;
  /** Calls functions that may take longer than a statement of the pool's sessions. */
  longCaller(statementMs: number): CallGatherer;
}

/**
 * Shares a pool out. A function's first argument names its directory. Whoever waits, waits for a share and not in front of the
 * pool, which has a connection for each: `shares` says for how long, and what is thrown then.
 */
export function sharePool(pool: Pool, shares: Shares): SharedPool {
  async function sharing<Result>(directoryId: string, work: () => Promise<Result>): Promise<Result> {
    const share = await shares.take(directoryId);
    try {
      return await work();
    } finally {
      share.giveBack();
    }
  }
  const callerOf = (functions: FunctionCaller): CallGatherer => ({
    call: <Row extends QueryResultRow>(name: string, values: readonly unknown[]) =>
      sharing(String(values[0]), () => callFunction<Row>(functions, name, values)),
  });
  return {
    ...callerOf(pool),
    longCaller: (statementMs) => callerOf(createLongCaller(pool, statementMs)),
    read: (directoryId, work) => sharing(directoryId, () => readOnly(pool, work)),
  };
}

async function readOnly<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // A connection that did not take its transaction back is not used again.
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}
