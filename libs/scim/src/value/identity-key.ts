import { foldCase } from '../filter/evaluate-filter';
import { getOwn, isJsonObject } from '../json';
import type { JsonValue } from '../json';
import type { Attribute } from '../schema/schema';

/**
 * A text that is the same for values of a multi-valued attribute that are the same one: equal `type` and `value` (RFC
 * 7643 §2.4) where there is a `value`, everything equal where there is none.
 */
export function identityKey(value: JsonValue, definition: Attribute | undefined): string {
  if (!isJsonObject(value)) return `p${typeof value === 'string' ? foldValue(value, definition) : printSorted(value)}`;
  const id = getOwn(value, 'value');
  if (id === undefined || id === null) return `o${printSorted(value)}`;
  const type = getOwn(value, 'type');
  const typeKey =
    typeof type === 'string' ? foldCase(type, definition?.subAttributes.get('type')) : printSorted(type ?? null);
  return `v${typeKey} ${valueKey(id, definition)}`;
}

/** As `identityKey`, of the `value` alone: what a caller means who names no type. */
export function valueKey(id: JsonValue, definition: Attribute | undefined): string {
  return typeof id === 'string' ? foldValue(id, definition) : printSorted(id);
}

/** Attributes that no schema knows are compared exactly, so that nothing sent gets lost. */
function foldValue(text: string, definition: Attribute | undefined): string {
  return definition === undefined ? text : foldCase(text, definition.valueAttribute ?? definition);
}

/** JSON with the keys of every object in order. */
function printSorted(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(printSorted).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${printSorted(value[key] ?? null)}`).join(',')}}`;
}
