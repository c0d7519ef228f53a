import type { AttributeMapping, CanonicalResource } from './change';
import { readAttribute } from './read-attribute';

/** A user's attributes under the application's names; only those that have a value. */
export function readCustomAttributes(
  resource: CanonicalResource,
  mappings: readonly AttributeMapping[],
): Record<string, unknown> {
  return Object.fromEntries(
    mappings
      .map((mapping): [string, unknown] => [mapping.map_to, readMapped(resource, mapping)])
      .filter(([, value]) => value !== null),
  );
}

function readMapped(resource: CanonicalResource, { key, fallback_keys = [], default: otherwise }: AttributeMapping) {
  for (const path of [key, ...fallback_keys]) {
    const value = readAttribute(resource, path) ?? null;
    if (value !== null) return value;
  }
  return otherwise ?? null;
}
