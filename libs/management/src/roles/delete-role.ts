import type { EntityManager } from 'typeorm';
import { NAMED_MAX, refuseRoleInUse } from '@rollcall/directory';
import { runStatement } from '@rollcall/database';
import { roleTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { startRulesJobs } from '../rules/start-rules-jobs';
import { lockRole } from './find-role';
import type { RoleScope } from './find-role';
import type { Waking } from '../wake/to-wake';
import { readDefaultRole } from './set-default-role';

/**
 * Deletes a role that nothing gives to anyone; the rules of directories change with it (the spelling of that role). Throws AppError `role_not_found`, `role_in_use`.
 */
export async function deleteRole(writer: Writer, scope: RoleScope): Promise<Waking<void>> {
  const { environmentId, roleName } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    // An assignment holds the role's row while it is made, so none can slip in behind the check.
    const role = await lockRole(manager, scope);
    refuseRoleInUse({
      isDefaultMember: (await readDefaultRole(manager, environmentId)) === roleName,
      directoryIds: await findAssigning(manager, scope),
    });
    await runStatement(manager, 'DELETE FROM roles WHERE environment_id = $1 AND role_name = $2', [
      environmentId,
      roleName,
    ]);
    return {
      answer: { result: undefined, wake: { directoryIds: await startRulesJobs(manager, environmentId) } },
      entries: [{ action: 'role.deleted', target: roleTarget(role), organizationId: null }],
    };
  });
}

/** The first directories whose role assignments name the role. */
async function findAssigning(manager: EntityManager, { environmentId, roleName }: RoleScope): Promise<string[]> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT id FROM directories WHERE environment_id = $1 AND deleted_time IS NULL AND role_assignments @> $2::jsonb
     ORDER BY id LIMIT ${NAMED_MAX}`,
    [environmentId, JSON.stringify([{ role_name: roleName }])],
  );
  return rows.map(({ id }) => id);
}
