import type { DataSource } from 'typeorm';
import { loadRules } from '@rollcall/pipeline-store';
import { tenantTransaction, runStatement } from '@rollcall/database';
import { requireRoles } from '../rules/check-rules-change';
import { examineUsers, NO_IMPACT } from '../rules/examine-users';
import type { RulesImpact } from '../rules/examine-users';
import { readDefaultRole } from './set-default-role';

/**
 * What another role of users whom nothing gives one would do to the users of all directories; null: they would have none, undefined: the
 * present one stays.
 * One directory after the other, each in a transaction of its own. Throws AppError `unknown_role`.
 */
export async function previewDefaultRole(
  dataSource: DataSource,
  environmentId: string,
  wanted: string | null | undefined,
): Promise<RulesImpact> {
  let impact = NO_IMPACT;
  const { roleName, directoryIds } = await prepare(dataSource, environmentId, wanted);
  for (const directoryId of directoryIds) {
    const tenant = { environmentId, directoryId };
    impact = await tenantTransaction(dataSource, tenant, async (manager) => {
      const rules = { ...(await loadRules(manager, tenant)), defaultRole: roleName };
      return examineUsers(manager, directoryId, rules, impact);
    });
    if (!impact.complete) break;
  }
  return impact;
}

/** The role to try, which there must be, and the directories whose users would get it. */
async function prepare(
  dataSource: DataSource,
  environmentId: string,
  wanted: string | null | undefined,
): Promise<{ roleName: string | null; directoryIds: string[] }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const roleName = wanted === undefined ? await readDefaultRole(manager, environmentId) : wanted;
    if (roleName !== null) await requireRoles(manager, environmentId, [roleName]);
    const { rows } = await runStatement<{ id: string }>(
      manager,
      'SELECT id FROM directories WHERE environment_id = $1 AND deleted_time IS NULL ORDER BY id',
      [environmentId],
    );
    return { roleName, directoryIds: rows.map(({ id }) => id) };
  });
}
