import type { DataSource, EntityManager } from 'typeorm';
import { AppError, publicId } from '@rollcall/platform';
import { OPERATOR, writeAuditEntries } from './audit/write-audit-entries';
import { asOwner } from './bootstrap-database';
import { FIRST_AFTER_RESTORE } from './database-version';
import { nextEpoch, raiseEpochs } from './raise-epochs';
import { runStatement } from './run-statement';
import { BEING_RESTORED, readServerIdentity } from './server-identity';

/** What was done to a restored database. */
export interface SettledRestore {
  /** Directories whose epoch was raised. */
  directories: number;
  environments: number;
  /** Of the feeds over several directories. */
  feedEpoch: number;
  /** How far the transaction ids of events are ahead of the server's. */
  transactionOffset: number;
}

export interface RestoreOptions {
  ownerUrl: string;
  /** Is told of each slice. */
  onProgress?: (done: number, total: number) => void;
  /** Directories in one transaction. */
  batchSize?: number;
}

/**
 * Makes a database that came from a backup safe to serve: raises the epoch of every directory, a slice in each transaction, and at the
 * end that of the feeds, and lets events be numbered from above those there are when this server's transaction ids are lower. Run
 * again, it raises the epochs once more and does no other harm; a run that was cut off is run again. Throws AppError `not_bootstrapped`.
 */
export async function settleRestore({
  ownerUrl,
  onProgress = () => undefined,
  batchSize = 1_000,
}: RestoreOptions): Promise<SettledRestore> {
  return asOwner(ownerUrl, async (dataSource) => {
    // Until the last transaction is done, a process that asks `checkRestored` does not serve.
    await dataSource.query('UPDATE installation SET system_identifier = $1', [BEING_RESTORED]);
    const directories = await raiseEveryEpoch(dataSource, batchSize, onProgress);
    return dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL lock_timeout = '10s'`);
      const transactionOffset = await keepAhead(manager);
      const feed = await raiseFeedEpoch(manager, transactionOffset);
      await refuseOlderProcesses(manager);
      await endOldSnapshots(manager);
      return { directories, environments: await recordRestore(manager, feed), feedEpoch: feed.to, transactionOffset };
    });
  });
}

async function raiseEveryEpoch(
  dataSource: DataSource,
  batchSize: number,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const [count] = await dataSource.query<{ total: number }[]>('SELECT count(*)::int AS total FROM directory_counters');
  const total = count?.total ?? 0;
  let [done, after]: [number, string | undefined] = [0, ''];
  while (after !== undefined) {
    const last: string = after;
    const ids = await dataSource.transaction(async (manager) => raiseSlice(manager, last, batchSize));
    done += ids.length;
    after = ids.length < batchSize ? undefined : ids.at(-1);
    if (ids.length > 0) onProgress(done, Math.max(done, total));
  }
  return done;
}

/** The directories after a bare id. */
async function raiseSlice(manager: EntityManager, after: string, limit: number): Promise<string[]> {
  const rows = await manager.query<{ directory_id: string }[]>(
    'SELECT directory_id FROM directory_counters WHERE directory_id > $1 ORDER BY directory_id LIMIT $2',
    [after, limit],
  );
  const ids = rows.map(({ directory_id }) => directory_id);
  await raiseEpochs(manager, ids);
  return ids;
}

/**
 * Lets events be stored with ids above those of the events there are, whatever this server's are, and returns by how much they are
 * ahead. The ids of before stay: in their order events are read, and positions of replays that are under way are among them.
 */
async function keepAhead(manager: EntityManager): Promise<number> {
  const before = await readOffset(manager);
  if (before === 0 && (await readNeededOffset(manager)) <= 0) return 0;
  // Nobody is storing an event now; whoever does next stores it with the new ids.
  await manager.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
  const offset = Math.max(before, await readNeededOffset(manager));
  // Also when the number stays: a backup brings it along, and not the default of the table.
  await manager.query(
    `ALTER TABLE events ALTER COLUMN transaction_id SET DEFAULT (pg_current_xact_id()::text)::bigint + ${offset}`,
  );
  return offset;
}

async function readOffset(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ transaction_offset: string }[]>('SELECT transaction_offset FROM installation');
  if (row) return Number(row.transaction_offset);
  throw new AppError({
    kind: 'unavailable',
    code: 'not_bootstrapped',
    message: 'This database has no environment yet: there is nothing that was restored.',
  });
}

/** By which even the oldest transaction that is still running comes behind the newest event. */
async function readNeededOffset(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ needed: string | null }[]>(
    `SELECT find_newest_transaction() + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS needed`,
  );
  return Number(row?.needed ?? 0);
}

async function raiseFeedEpoch(manager: EntityManager, offset: number): Promise<{ from: number; to: number }> {
  const [before] = await manager.query<{ feed_epoch: string }[]>('SELECT feed_epoch FROM installation FOR UPDATE');
  const { rows } = await runStatement<{ feed_epoch: string }>(
    manager,
    `UPDATE installation SET feed_epoch = ${nextEpoch('feed_epoch')}, transaction_offset = $1,
       restored_time = clock_timestamp(), system_identifier = $2 RETURNING feed_epoch`,
    [offset, await readServerIdentity(manager)],
  );
  return { from: Number(before?.feed_epoch), to: Number(rows[0]?.feed_epoch) };
}

async function refuseOlderProcesses(manager: EntityManager): Promise<void> {
  await manager.query('UPDATE database_version SET oldest_served = greatest(oldest_served, $1)', [FIRST_AFTER_RESTORE]);
}

/** Replays send what was committed when they were made, which the other server's snapshots no longer tell. */
async function endOldSnapshots(manager: EntityManager): Promise<void> {
  await manager.query(`UPDATE replays SET snapshot = pg_current_snapshot()::text WHERE state IN ('running', 'paused')`);
}

/** Tells every environment, and returns how many there are. */
async function recordRestore(manager: EntityManager, feedEpoch: { from: number; to: number }): Promise<number> {
  const environments = await manager.query<{ id: string; name: string }[]>('SELECT id, name FROM environments');
  for (const { id, name } of environments) {
    const target = { type: 'environment', id: publicId('env', id), name } as const;
    const changes = { feed_epoch: feedEpoch };
    await writeAuditEntries(manager, id, OPERATOR, [
      { action: 'environment.restored', target, organizationId: null, changes },
    ]);
  }
  return environments.length;
}
