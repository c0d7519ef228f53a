import type { DataSource, EntityManager } from 'typeorm';
import { Role, notFound, tenantTransaction } from '@rollcall/database';
import type { Fields } from '../audit/find-changes';
import { readDefaultRole } from './set-default-role';

/** A role of an environment. */
export interface RoleScope {
  environmentId: string;
  roleName: string;
}

/** A role with whether it is the one of users whom no group or attribute gives one. */
export interface RoleView {
  role: Role;
  isDefaultMember: boolean;
}

/** A role by its name. Throws AppError `role_not_found`. */
export async function findRole(dataSource: DataSource, { environmentId, roleName }: RoleScope): Promise<RoleView> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const role = await manager.findOneBy(Role, { environmentId, roleName });
    if (!role) throw notFound('role');
    return { role, isDefaultMember: roleName === (await readDefaultRole(manager, environmentId)) };
  });
}

/** The row, locked against changes until the end of the transaction. Throws AppError `role_not_found`. */
export async function lockRole(manager: EntityManager, { environmentId, roleName }: RoleScope): Promise<Role> {
  const role = await manager.findOne(Role, {
    where: { environmentId, roleName },
    lock: { mode: 'pessimistic_write' },
  });
  if (!role) throw notFound('role');
  return role;
}

/** What the audit log tells of a role. */
export function roleFields({ displayName, description }: Role): Fields {
  return { display_name: displayName, description };
}
