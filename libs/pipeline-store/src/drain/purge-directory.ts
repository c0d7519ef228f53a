import type { DataSource, EntityManager } from 'typeorm';
import { tenantTransaction } from '@rollcall/database';

/** Rows removed per table, or partition of a log, and transaction: short locks, small WAL bursts. */
const SLICE = 5_000;

/** In the order in which references point; events and deliveries stay readable until retention drops them. */
export const PURGED_TABLES = [
  'memberships',
  'unresolved_members',
  'learned_attributes',
  'directory_user_emails',
  'directory_users',
  'directory_groups',
  'published_memberships',
  'published_users',
  'published_groups',
  'search_terms',
  'rules_jobs',
  'directory_refusals',
  'contact_alerts',
  'held_memberships',
  'held_users',
  'deprovisionings',
  'deprovisioning_jobs',
  'scim_request_packs',
  'hand_overs',
  'directory_aliases',
];

/**
 * Removes one slice of a deleted directory's resources; returns whether more are left. Does nothing while changes are pending:
 * the drain numbers them first, `directory_deleted` last; and nothing when the directory is not deleted, or no longer. The tombstone that is left has no name.
 */
export async function purgeDirectory(
  dataSource: DataSource,
  tenant: { environmentId: string; directoryId: string },
): Promise<boolean> {
  return tenantTransaction(dataSource, tenant, async (manager) => {
    if (!(await lockDeleted(manager, tenant)) || (await hasChanges(manager, tenant.directoryId))) return false;
    for (const table of PURGED_TABLES) {
      const [, removed] = await manager.query<[unknown[], number]>(
        `DELETE FROM ${table} WHERE directory_id = $1 AND ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE directory_id = $1 LIMIT ${SLICE}))`,
        [tenant.directoryId],
      );
      // Of a log the same places of every partition go at once, so that there may be more of them.
      if (removed >= SLICE) return true;
    }
    await manager.query(
      `UPDATE directory_counters SET total_users = 0, total_groups = 0, deprovision_guard = NULL, deprovisioning = NULL
       WHERE directory_id = $1`,
      [tenant.directoryId],
    );
    await manager.query(
      `UPDATE directories SET purged_time = now(), name = '', role_assignments = '[]', attribute_mappings = '[]'
       WHERE environment_id = $1 AND id = $2`,
      [tenant.environmentId, tenant.directoryId],
    );
    return false;
  });
}

/** Who found the directory may have done so long ago. */
async function lockDeleted(
  manager: EntityManager,
  { environmentId, directoryId }: { environmentId: string; directoryId: string },
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'SELECT 1 FROM directories WHERE environment_id = $1 AND id = $2 AND deleted_time IS NOT NULL FOR UPDATE',
    [environmentId, directoryId],
  );
  return rows.length > 0;
}

async function hasChanges(manager: EntityManager, directoryId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>('SELECT 1 FROM changes WHERE directory_id = $1 LIMIT 1', [directoryId]);
  return rows.length > 0;
}
