import type { DataSource, EntityManager } from 'typeorm';
import { Environment, tenantTransaction, runStatement } from '@rollcall/database';
import { requireRoles } from '../rules/check-rules-change';
import { startRulesJobs } from '../rules/start-rules-jobs';

/**
 * Sets the role of users whom no group or attribute gives one; null: they have none. Returns the bare ids of the directories
 * whose rules changed with it, none when it was so before. Throws AppError `unknown_role`.
 */
export async function setDefaultRole(
  dataSource: DataSource,
  environmentId: string,
  roleName: string | null,
): Promise<string[]> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    if (roleName !== null) await requireRoles(manager, environmentId, [roleName]);
    const { affected } = await runStatement(
      manager,
      'UPDATE environments SET default_member_role = $2 WHERE id = $1 AND default_member_role IS DISTINCT FROM $2',
      [environmentId, roleName],
    );
    return affected === 0 ? [] : startRulesJobs(manager, environmentId);
  });
}

/** The name of that role, or null. */
export async function findDefaultRole(dataSource: DataSource, environmentId: string): Promise<string | null> {
  return tenantTransaction(dataSource, { environmentId }, (manager) => readDefaultRole(manager, environmentId));
}

/** The same within a transaction. */
export async function readDefaultRole(manager: EntityManager, environmentId: string): Promise<string | null> {
  const environment = await manager.findOneBy(Environment, { id: environmentId });
  return environment?.defaultMemberRole ?? null;
}
