import type { AssignmentRules } from '@rollcall/events';
import { AppError } from '@rollcall/platform';
import { jsonEquals } from '@rollcall/scim';

/** The rules that a directory has of its own. Group ids are bare. */
export type DirectoryRules = Pick<AssignmentRules, 'assignments' | 'attributeMappings'>;

/** New rules of a directory in place of its present ones; what is absent stays. */
export type RulesChange = Partial<DirectoryRules>;

/**
 * The rules of a directory after a change, or null when they are so already. The order of assignments counts: the first role
 * that a user gets is the user's.
 */
export function changeRules(current: DirectoryRules, change: RulesChange): DirectoryRules | null {
  const next = {
    assignments: change.assignments ?? current.assignments,
    attributeMappings: change.attributeMappings ?? current.attributeMappings,
  };
  const isSame =
    jsonEquals(next.assignments, current.assignments) && jsonEquals(next.attributeMappings, current.attributeMappings);
  return isSame ? null : next;
}

/** Refuses rules that contradict themselves. Throws AppError `duplicate_assignment`, `duplicate_mapping`. */
export function refuseDuplicateRules({ assignments = [], attributeMappings = [] }: RulesChange): void {
  if (findRepeated(assignments.map(({ group_id, role_name }) => `${group_id} ${role_name}`)) !== undefined) {
    throw new AppError({
      kind: 'refused',
      code: 'duplicate_assignment',
      message: 'A group is assigned the same role twice. Name each pair once, at its place in the order of precedence.',
    });
  }
  const name = findRepeated(attributeMappings.map(({ map_to }) => map_to));
  if (name !== undefined) {
    throw new AppError({
      kind: 'refused',
      code: 'duplicate_mapping',
      message: `Two mappings give the custom attribute "${name}".`,
    });
  }
}

function findRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
