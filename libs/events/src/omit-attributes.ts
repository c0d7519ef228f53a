/** A copy of an object without some of its top-level attributes, whose names (given in lower case) match in any case. */
export function omitAttributes(
  resource: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(resource).filter(([key]) => !names.includes(key.toLowerCase())));
}
