import type { CanonicalResource, CompiledMapping } from './change';

/** A user's attributes under the application's names; only those that have a value. */
export function readCustomAttributes(
  resource: CanonicalResource,
  mappings: readonly CompiledMapping[],
): Record<string, unknown> {
  return Object.fromEntries(
    mappings
      .map((mapping): [string, unknown] => [mapping.name, readMapped(resource, mapping)])
      .filter(([, value]) => value !== null),
  );
}

function readMapped(resource: CanonicalResource, { readers, otherwise }: CompiledMapping): unknown {
  for (const read of readers) {
    const value = read(resource) ?? null;
    if (value !== null) return value;
  }
  return otherwise;
}
