import type { EntityManager } from 'typeorm';
import type { AssignmentRules } from '@rollcall/events';
import { prepared } from '@rollcall/database';

interface RulesRow {
  default_member_role: string | null;
  owner_roles: string[];
  role_assignments: AssignmentRules['assignments'];
  attribute_mappings: AssignmentRules['attributeMappings'];
}

/** The rules that decide the roles and attribute names of a directory's users. The transaction's tenant is the environment. */
export async function loadRules(
  manager: EntityManager,
  { environmentId, directoryId }: { environmentId: string; directoryId: string },
): Promise<AssignmentRules> {
  const [row] = await manager.query<RulesRow[]>(RULES, [environmentId, directoryId]);
  return {
    defaultRole: row?.default_member_role ?? null,
    assignments: row?.role_assignments ?? [],
    attributeMappings: row?.attribute_mappings ?? [],
    ownerRoles: row?.owner_roles ?? [],
  };
}

const RULES = prepared(
  `SELECT e.default_member_role, d.role_assignments, d.attribute_mappings,
     ARRAY(SELECT r.role_name FROM roles r WHERE r.environment_id = $1 ORDER BY r.role_name) AS owner_roles
   FROM environments e JOIN directories d ON d.environment_id = e.id WHERE e.id = $1 AND d.id = $2`,
);
