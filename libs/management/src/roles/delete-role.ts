import type { DataSource, EntityManager } from 'typeorm';
import { AppError, publicId } from '@rollcall/platform';
import { tenantTransaction, runStatement } from '@rollcall/database';
import { startRulesJobs } from '../rules/start-rules-jobs';
import { lockRole } from './find-role';
import type { RoleScope } from './find-role';
import { readDefaultRole } from './set-default-role';

/** Directories named in a refusal. */
const NAMED_MAX = 10;

/**
 * Deletes a role that nothing gives to anyone. Returns the bare ids of the directories whose rules changed with it (the
 * spelling of that role), for their drains. Throws AppError `role_not_found`, `role_in_use`.
 */
export async function deleteRole(dataSource: DataSource, scope: RoleScope): Promise<string[]> {
  const { environmentId, roleName } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    // An assignment holds the role's row while it is made, so none can slip in behind the check.
    await lockRole(manager, scope);
    await refuseDefault(manager, scope);
    await refuseAssigned(manager, scope);
    await runStatement(manager, 'DELETE FROM roles WHERE environment_id = $1 AND role_name = $2', [
      environmentId,
      roleName,
    ]);
    return startRulesJobs(manager, environmentId);
  });
}

async function refuseDefault(manager: EntityManager, { environmentId, roleName }: RoleScope): Promise<void> {
  if ((await readDefaultRole(manager, environmentId)) !== roleName) return;
  throw new AppError({
    kind: 'conflict',
    code: 'role_in_use',
    message: 'The role is the default of members. Choose another with PATCH /roles:set_defaults first.',
  });
}

async function refuseAssigned(manager: EntityManager, { environmentId, roleName }: RoleScope): Promise<void> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT id FROM directories WHERE environment_id = $1 AND deleted_time IS NULL AND role_assignments @> $2::jsonb
     ORDER BY id LIMIT ${NAMED_MAX}`,
    [environmentId, JSON.stringify([{ role_name: roleName }])],
  );
  if (rows.length === 0) return;
  throw new AppError({
    kind: 'conflict',
    code: 'role_in_use',
    message: 'The role is assigned to groups. Take it out of the role assignments of these directories first.',
    details: { directory_ids: rows.map(({ id }) => publicId('dir', id)) },
  });
}
