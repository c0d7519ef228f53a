import type { EntityManager } from 'typeorm';
import type { AssignmentRules } from '@rollcall/events';
import { AppError, publicId } from '@rollcall/platform';
import { runStatement } from '@rollcall/database';
import type { DirectoryScope } from '../directories/find-directory';

/** Names in a refusal; more do not help the reader. */
const NAMED_MAX = 10;

/**
 * Throws AppError `unknown_group`, `unknown_role` for what the directory or the environment does not have, and
 * `duplicate_assignment`. The roles cannot be deleted until the end of the transaction.
 */
export async function checkAssignments(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  assignments: AssignmentRules['assignments'],
): Promise<void> {
  refuseDuplicates(assignments);
  await refuseUnknownRoles(
    manager,
    environmentId,
    assignments.map(({ role_name }) => role_name),
  );
  const groupIds = assignments.map(({ group_id }) => group_id);
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT a.id FROM unnest($2::text[]) AS a (id) LEFT JOIN directory_groups g ON g.directory_id = $1 AND g.id = a.id
     WHERE g.id IS NULL LIMIT ${NAMED_MAX}`,
    [directoryId, groupIds],
  );
  if (rows.length === 0) return;
  const unknown = rows.map(({ id }) => publicId('dirgroup', id));
  throw new AppError({
    kind: 'refused',
    code: 'unknown_group',
    message: `The directory has no such group: ${unknown.join(', ')}. Leave out what is not among its groups.`,
    details: { group_ids: unknown },
  });
}

/** Throws AppError `unknown_role` unless the environment has all of these roles; they then stay until the transaction ends. */
export async function refuseUnknownRoles(
  manager: EntityManager,
  environmentId: string,
  roleNames: readonly string[],
): Promise<void> {
  const { rows } = await runStatement<{ role_name: string }>(
    manager,
    'SELECT role_name FROM roles WHERE environment_id = $1 AND role_name = ANY ($2) ORDER BY role_name FOR KEY SHARE',
    [environmentId, roleNames],
  );
  const known = new Set(rows.map((row) => row.role_name));
  const unknown = [...new Set(roleNames.filter((name) => !known.has(name)))].slice(0, NAMED_MAX);
  if (unknown.length === 0) return;
  throw new AppError({
    kind: 'refused',
    code: 'unknown_role',
    message: `There is no such role: ${unknown.join(', ')}. Create it with POST /roles first; case counts.`,
    details: { role_names: unknown },
  });
}

function refuseDuplicates(assignments: AssignmentRules['assignments']): void {
  const keys = assignments.map(({ group_id, role_name }) => `${group_id} ${role_name}`);
  if (new Set(keys).size === keys.length) return;
  throw new AppError({
    kind: 'refused',
    code: 'duplicate_assignment',
    message: 'A group is assigned the same role twice. Name each pair once, at its place in the order of precedence.',
  });
}
