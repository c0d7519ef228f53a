import { AppError, publicId } from '@rollcall/platform';

/** Names in a refusal; more do not help the reader. */
export const NAMED_MAX = 10;

/** Refuses role names that the environment does not have; case counts. Throws AppError `unknown_role` with the first of them. */
export function refuseUnknownRoles(wanted: readonly string[], present: readonly string[]): void {
  const known = new Set(present);
  const unknown = [...new Set(wanted.filter((name) => !known.has(name)))].slice(0, NAMED_MAX);
  if (unknown.length === 0) return;
  throw new AppError({
    kind: 'refused',
    code: 'unknown_role',
    message: `There is no such role: ${unknown.join(', ')}.`,
    details: { role_names: unknown },
  });
}

/** Refuses groups, by their bare ids, that were not found in the directory. Throws AppError `unknown_group`. */
export function refuseUnknownGroups(missing: readonly string[]): void {
  if (missing.length === 0) return;
  const unknown = missing.map((id) => publicId('dirgroup', id));
  throw new AppError({
    kind: 'refused',
    code: 'unknown_group',
    message: `The directory has no such group: ${unknown.join(', ')}. Leave out what is not among its groups.`,
    details: { group_ids: unknown },
  });
}
