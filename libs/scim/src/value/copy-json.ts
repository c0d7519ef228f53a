import { isUnsafeKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { invalidSyntax, invalidValue } from '../scim-error';
import { assertStorableText } from './assert-storable-text';

/** Values of unknown attributes may be nested this deep. */
export const VALUE_DEPTH_MAX = 32;

/**
 * Copies a value that no schema describes, as it was sent, without keys that would reach an object's prototype.
 * @throws ScimError 400 for a value nested deeper than 32 levels or one that cannot be stored.
 */
export function copyJson(value: JsonValue, label: string, depth = 1): JsonValue {
  if (typeof value === 'string') return checkText(value, label);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalidValue(`A number in ${label} is too large. Send one that fits a 64-bit floating point number.`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > VALUE_DEPTH_MAX) {
    throw invalidSyntax(`The value of ${label} is nested deeper than ${VALUE_DEPTH_MAX} levels. Send a flatter one.`);
  }
  if (Array.isArray(value)) return value.map((element) => copyJson(element, label, depth + 1));
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (!isUnsafeKey(key)) copy[checkText(key, label)] = copyJson(value[key] ?? null, label, depth + 1);
  }
  return copy;
}

/**
 * Gives text back that can be stored.
 * @throws ScimError 400 invalidValue.
 */
export function checkText(text: string, label: string): string {
  assertStorableText(text, () =>
    invalidValue(`The text of ${label} holds the character U+0000 or half a surrogate pair. Send it without.`),
  );
  return text;
}

/** An unknown attribute's value in canonical form: null and [] mean unassigned (RFC 7643 §2.5). */
export function readUnknown(value: JsonValue, label: string): JsonValue | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  return copyJson(value, label);
}
