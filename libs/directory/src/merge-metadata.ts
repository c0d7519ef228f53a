/** Metadata of an organization after a patch: each key counts by itself, null removes it; a patch of null removes all. */
export function mergeMetadata(
  current: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>> | null,
): Record<string, unknown> {
  if (patch === null) return {};
  return Object.fromEntries(Object.entries({ ...current, ...patch }).filter(([, value]) => value !== null));
}
