import type { DataSource, EntityManager } from 'typeorm';
import { ROLES_MAX } from '@rollcall/contract';
import type { AttributeMapping } from '@rollcall/events';
import { publicId } from '@rollcall/platform';
import { Role, RulesJob, runStatement, tenantTransaction } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { readDefaultRole } from '../roles/set-default-role';
import { readAdminMayMap } from './admin-may-map';
import type { AdminMayMap } from './admin-may-map';

/** The rules of a directory with the names that people know things by, as an organization's admin sees them. */
export interface RulesView {
  mayMap: AdminMayMap;
  roles: { roleName: string; displayName: string; description: string; isDefault: boolean }[];
  /** In order of precedence; a group that is gone has no name. */
  assignments: { groupId: string; groupName: string | null; roleName: string }[];
  attributeMappings: readonly AttributeMapping[];
  job: RulesJob | null;
}

/** Reads the rules of a directory. Throws AppError `directory_not_found`. */
export async function viewDirectoryRules(dataSource: DataSource, scope: DirectoryScope): Promise<RulesView> {
  const { environmentId, directoryId } = scope;
  return tenantTransaction(dataSource, scope, async (manager) => {
    const { roleAssignments, attributeMappings } = await requireDirectory(manager, scope);
    const groupIds = roleAssignments.map(({ group_id }) => group_id);
    const names = await readGroupNames(manager, directoryId, groupIds);
    const roles = await manager.find(Role, { where: { environmentId }, order: { roleName: 'ASC' }, take: ROLES_MAX });
    const defaultRole = await readDefaultRole(manager, environmentId);
    return {
      mayMap: await readAdminMayMap(manager, environmentId),
      roles: roles.map(({ roleName, displayName, description }) => ({
        roleName,
        displayName,
        description,
        isDefault: roleName === defaultRole,
      })),
      assignments: roleAssignments.map(({ group_id: groupId, role_name: roleName }) => ({
        groupId: publicId('dirgroup', groupId),
        groupName: names.get(groupId) ?? null,
        roleName,
      })),
      attributeMappings,
      job: await manager.findOneBy(RulesJob, { environmentId, directoryId }),
    };
  });
}

async function readGroupNames(
  manager: EntityManager,
  directoryId: string,
  groupIds: readonly string[],
): Promise<Map<string, string | null>> {
  const { rows } = await runStatement<{ id: string; name: string | null }>(
    manager,
    `SELECT g.id, g.resource ->> 'displayName' AS name FROM directory_groups g WHERE g.directory_id = $1 AND g.id = ANY ($2)`,
    [directoryId, groupIds],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
