import type { RoleReference } from '@rollcall/contract';
import type { RoleRules } from './change';
import { readElements, readObject, readText } from './read-values';

/**
 * A user's roles without repeats: those of the SCIM attribute `roles`, then those of the groups in order of precedence;
 * the default role only when there is none.
 * @param scimRoles the attribute as stored: strings, `{value}`, `{type, value}` or Entra's JSON text in `value`
 * @param groupIds the user's groups, bare ids
 */
export function resolveRoles(scimRoles: unknown, groupIds: readonly string[], rules: RoleRules): RoleReference[] {
  const fromAttribute = readElements(scimRoles).flatMap((element) => {
    const name = readRoleName(readText(element['value']) ?? readText(element['display']));
    return name === null ? [] : [spellAsOwner(name, rules.ownerRoles ?? [])];
  });
  const groups = new Set(groupIds);
  const fromGroups = rules.assignments.filter(({ group_id }) => groups.has(group_id)).map(({ role_name }) => role_name);
  const names = new Set([...fromAttribute, ...fromGroups]);
  if (names.size === 0 && rules.defaultRole !== null) names.add(rules.defaultRole);
  return [...names].map((role_name) => ({ role_name }));
}

/** Entra's app role mappings put the whole role as JSON text in `value`: `{"id":…,"value":"Admin","displayName":…}`. */
function readRoleName(text: string | null): string | null {
  if (!text?.trimStart().startsWith('{')) return text;
  try {
    const role = readObject(JSON.parse(text));
    return readText(role['value']) ?? readText(role['displayName']) ?? text;
  } catch {
    return text;
  }
}

function spellAsOwner(name: string, ownerRoles: readonly string[]): string {
  if (ownerRoles.includes(name)) return name;
  return ownerRoles.find((role) => role.toLowerCase() === name.toLowerCase()) ?? name;
}
