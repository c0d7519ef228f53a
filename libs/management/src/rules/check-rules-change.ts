import type { EntityManager } from 'typeorm';
import { NAMED_MAX, refuseDuplicateRules, refuseUnknownGroups, refuseUnknownRoles } from '@rollcall/directory';
import type { RulesChange } from '@rollcall/directory';
import { runStatement } from '@rollcall/database';
import type { DirectoryScope } from '../directories/find-directory';

/**
 * Throws AppError 422 for rules that cannot be: `duplicate_assignment`, `duplicate_mapping`, and `unknown_role`, `unknown_group`
 * for what the environment or the directory does not have. The roles cannot be deleted until the end of the transaction.
 */
export async function checkRulesChange(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  change: RulesChange,
): Promise<void> {
  refuseDuplicateRules(change);
  const { assignments } = change;
  if (!assignments) return;
  await requireRoles(
    manager,
    environmentId,
    assignments.map(({ role_name }) => role_name),
  );
  await requireGroups(
    manager,
    directoryId,
    assignments.map(({ group_id }) => group_id),
  );
}

/** Throws AppError `unknown_role` unless the environment has all of these roles; they then stay until the transaction ends. */
export async function requireRoles(
  manager: EntityManager,
  environmentId: string,
  roleNames: readonly string[],
): Promise<void> {
  const { rows } = await runStatement<{ role_name: string }>(
    manager,
    'SELECT role_name FROM roles WHERE environment_id = $1 AND role_name = ANY ($2) ORDER BY role_name FOR KEY SHARE',
    [environmentId, roleNames],
  );
  refuseUnknownRoles(
    roleNames,
    rows.map(({ role_name }) => role_name),
  );
}

async function requireGroups(manager: EntityManager, directoryId: string, groupIds: readonly string[]): Promise<void> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT a.id FROM unnest($2::text[]) AS a (id) LEFT JOIN directory_groups g ON g.directory_id = $1 AND g.id = a.id
     WHERE g.id IS NULL LIMIT ${NAMED_MAX}`,
    [directoryId, groupIds],
  );
  refuseUnknownGroups(rows.map(({ id }) => id));
}
