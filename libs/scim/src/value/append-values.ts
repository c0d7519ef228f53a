import { isJsonObject } from '../json';
import type { JsonValue } from '../json';
import type { Attribute } from '../schema/schema';
import { identityKey } from './identity-key';

/**
 * The values of a multi-valued attribute with others behind them. One that has the identity of a value already there, its
 * type and value, is merged into that one and not repeated (RFC 7643 §2.4).
 */
export function appendValues(
  before: readonly JsonValue[],
  added: readonly JsonValue[],
  definition: Attribute | undefined,
): JsonValue[] {
  const after = [...before];
  const places = new Map(before.map((value, index) => [identityKey(value, definition), index]));
  for (const value of added) {
    const key = identityKey(value, definition);
    const place = places.get(key);
    if (place === undefined) places.set(key, after.push(value) - 1);
    else after[place] = mergeRepeated(after[place], value);
  }
  return after;
}

function mergeRepeated(held: JsonValue | undefined, value: JsonValue): JsonValue {
  if (!isJsonObject(held) || !isJsonObject(value)) return held ?? value;
  const changes = Object.keys(value).some((key) => key !== 'type' && key !== 'value' && held[key] !== value[key]);
  return changes ? { ...held, ...value } : held;
}
