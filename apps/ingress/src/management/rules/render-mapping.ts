import type { RulesView } from '@rollcall/management';
import { renderAttributeMapping, renderRulesJob } from '../directories/render-directory';
import type { DirectoryMapping } from './rules.dto';

/** The rules of a directory with the names of groups and roles, as the management API and the portal's API show them. */
export function renderMapping({ mayMap, roles, assignments, attributeMappings, job }: RulesView): DirectoryMapping {
  return {
    may_map_roles: mayMap.roles,
    may_map_attributes: mayMap.attributes,
    roles: roles.map(({ roleName, displayName, description, isDefault }) => ({
      role_name: roleName,
      display_name: displayName,
      description,
      default_member: isDefault,
    })),
    assignments: assignments.map(({ groupId, groupName, roleName }) => ({
      group_id: groupId,
      group_name: groupName,
      role_name: roleName,
    })),
    attributes: attributeMappings.map(renderAttributeMapping),
    rules_job: job && renderRulesJob(job),
  };
}
