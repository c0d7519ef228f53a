import type { PreviousAttributes, UserData } from '@rollcall/contract';
import type { CompiledRules } from './change';
import { diffAttributes } from './diff-attributes';
import { readCustomAttributes } from './read-custom-attributes';
import { resolveRoles } from './resolve-roles';

/**
 * A published user under other rules: only `roles` and `custom_attributes` may differ.
 * @param groupIds the groups the user is in, bare ids
 */
export function applyRules(data: UserData, groupIds: readonly string[], rules: CompiledRules): UserData {
  return {
    ...data,
    roles: resolveRoles(data.raw_attributes['roles'], groupIds, rules),
    custom_attributes: readCustomAttributes(data.raw_attributes, rules.attributes),
  };
}

/** What changed rules would make of a published user. */
export interface RulesPreview {
  data: UserData;
  previousAttributes: PreviousAttributes;
}

/** What a published user would become under other rules; null when the rules change nothing of it. */
export function previewRules(published: UserData, rules: CompiledRules): RulesPreview | null {
  const groupIds = published.groups.map(({ id }) => id.slice(id.indexOf('_') + 1));
  const data = applyRules(published, groupIds, rules);
  const previousAttributes = diffAttributes(published, data);
  return previousAttributes && { data, previousAttributes };
}
