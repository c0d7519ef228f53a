import { roleTarget } from '../audit/audit-target';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockRole, roleFields } from './find-role';
import type { RoleScope, RoleView } from './find-role';
import { readDefaultRole } from './set-default-role';

/** What changes; an absent key stays. The name is what users and events carry, and does not change. */
export interface RolePatch {
  displayName?: string;
  description?: string;
}

/** Merges a patch into a role. Throws AppError `role_not_found`. */
export async function updateRole(writer: Writer, scope: RoleScope, patch: RolePatch): Promise<RoleView> {
  return recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    const role = await lockRole(manager, scope);
    const before = structuredClone(role);
    role.displayName = patch.displayName ?? role.displayName;
    role.description = patch.description ?? role.description;
    role.updateTime = new Date();
    await manager.save(role);
    const changes = findChanges(roleFields(before), roleFields(role));
    return {
      answer: { role, isDefaultMember: role.roleName === (await readDefaultRole(manager, scope.environmentId)) },
      entries: isChanged(changes)
        ? [{ action: 'role.updated', target: roleTarget(role), organizationId: null, changes }]
        : [],
    };
  });
}
