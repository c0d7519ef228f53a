import type { DataSource } from 'typeorm';
import { tenantTransaction } from '@rollcall/database';
import { lockRole } from './find-role';
import type { RoleScope, RoleView } from './find-role';
import { readDefaultRole } from './set-default-role';

/** What changes; an absent key stays. The name is what users and events carry, and does not change. */
export interface RolePatch {
  displayName?: string;
  description?: string;
}

/** Merges a patch into a role. Throws AppError `role_not_found`. */
export async function updateRole(dataSource: DataSource, scope: RoleScope, patch: RolePatch): Promise<RoleView> {
  return tenantTransaction(dataSource, { environmentId: scope.environmentId }, async (manager) => {
    const role = await lockRole(manager, scope);
    role.displayName = patch.displayName ?? role.displayName;
    role.description = patch.description ?? role.description;
    role.updateTime = new Date();
    await manager.save(role);
    return { role, isDefaultMember: role.roleName === (await readDefaultRole(manager, scope.environmentId)) };
  });
}
