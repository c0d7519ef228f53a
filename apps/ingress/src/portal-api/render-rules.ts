import type { RulesView } from '@rollcall/management';
import { renderAttributeMapping, renderRulesJob } from '../management/directories/render-directory';

/** The rules of a directory as the portal's API shows them. */
export function renderRules({ mayMap, roles, assignments, attributeMappings, job }: RulesView) {
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
