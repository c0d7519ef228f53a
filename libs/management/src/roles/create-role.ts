import { AppError } from '@rollcall/platform';
import { Role, sqlState, runStatement } from '@rollcall/database';
import { roleTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { roleFields } from './find-role';
import { startRulesJobs } from '../rules/start-rules-jobs';
import type { Waking } from '../wake/to-wake';

export interface NewRole {
  roleName: string;
  displayName: string;
  description: string;
}

/**
 * Stores a new role. A role that an identity provider spells in another case takes this spelling, so the rules of every
 * directory change. Throws AppError `role_name_taken`.
 */
export async function createRole(writer: Writer, environmentId: string, role: NewRole): Promise<Waking<Role>> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const { roleName, displayName, description } = role;
    await runStatement(
      manager,
      `INSERT INTO roles (environment_id, role_name, role_key, display_name, description) VALUES ($1, $2, $3, $4, $5)`,
      [environmentId, roleName, roleName.toLowerCase(), displayName, description],
    ).catch(refuseTakenName);
    const created = await manager.findOneByOrFail(Role, { environmentId, roleName });
    const changes = findChanges({}, roleFields(created));
    return {
      answer: { result: created, wake: { directoryIds: await startRulesJobs(manager, environmentId) } },
      entries: [{ action: 'role.created', target: roleTarget(created), organizationId: null, changes }],
    };
  });
}

function refuseTakenName(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw new AppError({
    kind: 'conflict',
    code: 'role_name_taken',
    message: 'There is a role of this name already, or one that differs from it in upper and lower case only.',
    cause: error,
  });
}
