import type { EntityManager } from 'typeorm';
import { runStatement } from './run-statement';

/**
 * An epoch after another, as SQL: the present second, so that two restores of one backup do not come to the same, or one more where
 * that is not above it.
 */
export const nextEpoch = (epoch: string): string =>
  `greatest(${epoch} + 1, floor(extract(epoch FROM clock_timestamp()))::bigint)`;

/** Raises the epoch of directories, bare ids: of each event from here on, of snapshots, and of positions that are gone on from. */
export async function raiseEpochs(manager: EntityManager, directoryIds: readonly string[]): Promise<void> {
  await runStatement(
    manager,
    `UPDATE directory_counters SET epoch = ${nextEpoch('epoch')} WHERE directory_id = ANY ($1)`,
    [directoryIds],
  );
}
