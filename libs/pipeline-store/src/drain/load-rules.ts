import type { EntityManager } from 'typeorm';
import type { PlaceIds } from '@rollcall/contract';
import type { AssignmentRules } from '@rollcall/events';
import { prepared } from '@rollcall/database';

interface RulesRow {
  default_member_role: string | null;
  owner_roles: string[];
  role_assignments: AssignmentRules['assignments'];
  attribute_mappings: AssignmentRules['attributeMappings'];
  organization_ids: Record<string, string> | null;
  directory_ids: Record<string, string> | null;
}

/** What the events of a directory are made with beside its changes. */
export interface DirectoryKnowledge {
  /** As they are now, also for changes made under earlier ones. */
  rules: AssignmentRules;
  /** Absent: neither the organization nor the directory was imported. */
  externalIds?: PlaceIds;
}

/** The rules that decide the roles and attribute names of a directory's users. The transaction's tenant is the environment. */
export async function loadRules(
  manager: EntityManager,
  { environmentId, directoryId }: { environmentId: string; directoryId: string },
): Promise<AssignmentRules> {
  return (await loadKnowledge(manager, { environmentId, directoryId })).rules;
}

/** The rules, and the ids of before, in one statement. The transaction's tenant is the environment. */
export async function loadKnowledge(
  manager: EntityManager,
  { environmentId, directoryId }: { environmentId: string; directoryId: string },
): Promise<DirectoryKnowledge> {
  const [row] = await manager.query<RulesRow[]>(RULES, [environmentId, directoryId]);
  const rules = {
    defaultRole: row?.default_member_role ?? null,
    assignments: row?.role_assignments ?? [],
    attributeMappings: row?.attribute_mappings ?? [],
    ownerRoles: row?.owner_roles ?? [],
  };
  const { organization_ids: organization = null, directory_ids: directory = null } = row ?? {};
  if (organization === null && directory === null) return { rules };
  return { rules, externalIds: { ...(organization && { organization }), ...(directory && { directory }) } };
}

const RULES = prepared(
  `SELECT e.default_member_role, d.role_assignments, d.attribute_mappings,
     nullif(o.external_ids, '{}') AS organization_ids, nullif(d.external_ids, '{}') AS directory_ids,
     ARRAY(SELECT r.role_name FROM roles r WHERE r.environment_id = $1 ORDER BY r.role_name) AS owner_roles
   FROM environments e JOIN directories d ON d.environment_id = e.id
     JOIN organizations o ON o.environment_id = e.id AND o.id = d.organization_id
   WHERE e.id = $1 AND d.id = $2`,
);
