import type { JsonValue } from '../json';
import type { Attribute } from '../schema/schema';

/** The value meant for a single-valued attribute when a list of at most one was sent: Okta's `[false]`, Entra's manager. */
export function unwrapList(attribute: Attribute, raw: JsonValue): JsonValue {
  if (attribute.multiValued || !Array.isArray(raw) || raw.length > 1) return raw;
  return raw[0] ?? null;
}
