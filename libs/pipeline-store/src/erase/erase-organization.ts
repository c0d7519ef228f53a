import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { Erasure } from '@rollcall/database';
import { lockCounter } from '../drain/lock-counter';
import type { ErasureStep } from './erasure-step';

/** Rows of a kind that one step removes. */
const ROWS = 2_000;

/** Steps after the directories: the audit log, behind this entry. */
const AUDIT = /^audit (.*)$/;

/**
 * Removes the next rows of a deleted organization: the logs of its directories once their resources are purged and nothing is being
 * sent, since its answer would be stored; last what the audit log says in words. Tombstones stay, without a name in them.
 */
export async function eraseOrganizationStep(manager: EntityManager, erasure: Erasure): Promise<ErasureStep> {
  const { position } = erasure;
  const audit = AUDIT.exec(position)?.[1];
  if (audit !== undefined) return eraseAuditEntries(manager, erasure, audit);
  const { rows } = await runStatement<{ id: string; purged: boolean }>(
    manager,
    `SELECT id, purged_time IS NOT NULL AS purged FROM directories
     WHERE environment_id = $1 AND organization_id = $2 AND id > $3 ORDER BY id LIMIT 1`,
    [erasure.environmentId, erasure.organizationId, position],
  );
  const [directory] = rows;
  if (!directory) return { outcome: 'more', counts: {}, position: 'audit ' };
  await runStatement(manager, `SELECT set_config('rollcall.directory_id', $1, true)`, [directory.id]);
  if (!directory.purged) {
    await dropSetAside(manager, directory.id);
    return { outcome: 'waiting', counts: {}, position };
  }
  return eraseDirectory(manager, erasure, directory.id);
}

interface ErasedRow {
  in_flight: boolean;
  events: string;
  deliveries: string;
  pending_deliveries: string;
  delivery_attempts: string;
}

async function eraseDirectory(
  manager: EntityManager,
  { environmentId, position }: Erasure,
  directoryId: string,
): Promise<ErasureStep> {
  const { rows } = await runStatement<ErasedRow>(manager, 'SELECT * FROM erase_directory_log($1, $2, $3)', [
    environmentId,
    directoryId,
    ROWS,
  ]);
  const [row] = rows;
  if (!row) throw new Error('The erasure is not under way.');
  const counts = {
    events: Number(row.events),
    deliveries: Number(row.deliveries),
    pending_deliveries: Number(row.pending_deliveries),
    delivery_attempts: Number(row.delivery_attempts),
  };
  if (counts.events + counts.deliveries + counts.delivery_attempts > 0) return { outcome: 'more', counts, position };
  if (row.in_flight) return { outcome: 'waiting', counts, position };
  const secrets = await runStatement(
    manager,
    'DELETE FROM directory_secrets WHERE environment_id = $1 AND directory_id = $2',
    [environmentId, directoryId],
  );
  return {
    outcome: 'more',
    counts: { directories: 1, directory_secrets: secrets.affected },
    position: directoryId,
  };
}

/** A deleted directory is purged when its changes are drained; one that cannot be normalized would hold that up for ever. */
async function dropSetAside(manager: EntityManager, directoryId: string): Promise<void> {
  await lockCounter(manager, directoryId);
  await runStatement(
    manager,
    `DELETE FROM changes WHERE directory_id = $1 AND set_aside_time IS NOT NULL AND kind <> 'directory_written'`,
    [directoryId],
  );
}

async function eraseAuditEntries(
  manager: EntityManager,
  { environmentId, organizationId }: Erasure,
  after: string,
): Promise<ErasureStep> {
  const { rows } = await runStatement<{ last_id: string | null; audit_entries: string }>(
    manager,
    'SELECT * FROM erase_audit_entries($1, $2, $3, $4)',
    [environmentId, organizationId, after, ROWS],
  );
  const [row] = rows;
  if (!row) throw new Error('The erasure is not under way.');
  const counts = { audit_entries: Number(row.audit_entries) };
  if (row.last_id !== null) return { outcome: 'more', counts, position: `audit ${row.last_id}` };
  await runStatement(
    manager,
    `UPDATE organizations SET display_name = '', external_id = NULL, metadata = '{}' WHERE environment_id = $1 AND id = $2`,
    [environmentId, organizationId],
  );
  return { outcome: 'done', counts, position: '' };
}
