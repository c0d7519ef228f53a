import type { DataSource, EntityManager } from 'typeorm';
import { Environment, tenantTransaction, runStatement } from '@rollcall/database';
import { requireRoles } from '../rules/check-rules-change';
import { startRulesJobs } from '../rules/start-rules-jobs';
import type { Waking } from '../wake/to-wake';

/**
 * Sets the role of users whom no group or attribute gives one and returns it; null: they have none, undefined: it stays. Throws AppError `unknown_role`.
 */
export async function setDefaultRole(
  dataSource: DataSource,
  environmentId: string,
  roleName: string | null | undefined,
): Promise<Waking<string | null>> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    if (roleName === undefined) return { result: await readDefaultRole(manager, environmentId), wake: {} };
    if (roleName !== null) await requireRoles(manager, environmentId, [roleName]);
    const { affected } = await runStatement(
      manager,
      'UPDATE environments SET default_member_role = $2 WHERE id = $1 AND default_member_role IS DISTINCT FROM $2',
      [environmentId, roleName],
    );
    const directoryIds = affected === 0 ? [] : await startRulesJobs(manager, environmentId);
    return { result: roleName, wake: { directoryIds } };
  });
}

/** The name of that role, or null. */
export async function readDefaultRole(manager: EntityManager, environmentId: string): Promise<string | null> {
  const environment = await manager.findOneBy(Environment, { id: environmentId });
  return environment?.defaultMemberRole ?? null;
}
