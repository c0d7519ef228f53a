import type { DataSource } from 'typeorm';
import { loadRules } from '@rollcall/pipeline-store';
import { tenantTransaction, runStatement } from '@rollcall/database';
import { requireRoles } from '../rules/check-rules-change';
import { examineUsers, NO_IMPACT } from '../rules/examine-users';
import type { RulesImpact } from '../rules/examine-users';

/**
 * What another role of users whom nothing gives one would do to the users of all directories; null: they would have none.
 * One directory after the other, each in a transaction of its own. Throws AppError `unknown_role`.
 */
export async function previewDefaultRole(
  dataSource: DataSource,
  environmentId: string,
  roleName: string | null,
): Promise<RulesImpact> {
  let impact = NO_IMPACT;
  for (const directoryId of await listDirectoryIds(dataSource, environmentId, roleName)) {
    const tenant = { environmentId, directoryId };
    impact = await tenantTransaction(dataSource, tenant, async (manager) => {
      const rules = { ...(await loadRules(manager, tenant)), defaultRole: roleName };
      return examineUsers(manager, directoryId, rules, impact);
    });
    if (!impact.complete) break;
  }
  return impact;
}

async function listDirectoryIds(
  dataSource: DataSource,
  environmentId: string,
  roleName: string | null,
): Promise<string[]> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    if (roleName !== null) await requireRoles(manager, environmentId, [roleName]);
    const { rows } = await runStatement<{ id: string }>(
      manager,
      'SELECT id FROM directories WHERE environment_id = $1 AND deleted_time IS NULL ORDER BY id',
      [environmentId],
    );
    return rows.map(({ id }) => id);
  });
}
