import { getOwn, isJsonObject } from '../json';
import type { JsonValue } from '../json';

/**
 * Leaves at most one value marked as primary (RFC 7644 §3.5.2): the one marked last by this write stays, the others
 * become `primary: false`. Values untouched by the write are those that `before` holds as the same objects.
 */
export function keepOnePrimary(before: readonly JsonValue[], after: JsonValue[]): JsonValue[] {
  const marked = after.filter(isPrimary);
  if (marked.length < 2) return after;
  const known = new Set(before);
  const chosen = marked.findLast((value) => !known.has(value)) ?? marked.at(-1);
  return after.map((value) => (isPrimary(value) && value !== chosen ? { ...value, primary: false } : value));
}

function isPrimary(value: JsonValue): value is { primary: true } {
  return isJsonObject(value) && getOwn(value, 'primary') === true;
}
