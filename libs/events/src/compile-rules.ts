import { compilePath, ScimError, userResourceType } from '@rollcall/scim';
import type { ScimResource } from '@rollcall/scim';
import type { AssignmentRules, AttributeMapping, AttributeReader, CompiledMapping, CompiledRules } from './change';

/** Rules of a directory that gives no roles and maps no attributes. */
export const NO_RULES: AssignmentRules = { defaultRole: null, assignments: [], attributeMappings: [] };

/** Compiles the paths of a directory's mappings: once for all users of a batch. */
export function compileRules({ attributeMappings, ...roles }: AssignmentRules): CompiledRules {
  return { ...roles, attributes: attributeMappings.map(compileMapping) };
}

function compileMapping({ key, map_to, fallback_keys = [], default: otherwise }: AttributeMapping): CompiledMapping {
  // A stored path that is not accepted any more reads nothing: it must not set aside the users of its directory.
  const readers = [key, ...fallback_keys].flatMap((path) => tryAttribute(path) ?? []);
  return { name: map_to, readers, otherwise: otherwise ?? null };
}

/** Whether a text is a path that a mapping can read. */
export function isAttributePath(path: string): boolean {
  return tryAttribute(path) !== null;
}

function tryAttribute(path: string): AttributeReader | null {
  try {
    return compileAttribute(path);
  } catch (error) {
    if (error instanceof ScimError) return null;
    throw error;
  }
}

/**
 * Compiles a path into a stored user.
 * @throws ScimError as `compilePath`.
 */
export function compileAttribute(path: string): AttributeReader {
  const read = compilePath(userResourceType, path);
  return (resource) => read(resource as ScimResource);
}
