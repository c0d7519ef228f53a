import { isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { Attribute } from '../schema/schema';
import { assertRequiredParts, readComplex } from '../value/read-attribute';

/**
 * Merges a value into a single-valued complex attribute (RFC 7644 §3.5.2.1, §3.5.2.3): what is sent is set, the rest
 * stays. With `clear`, sub-attributes sent as null are unassigned.
 *
 * An attribute that stands for something by its `value` (a manager) is replaced as a whole when that changes, and an
 * empty `value` unassigns it.
 * @throws ScimError 400 invalidValue.
 */
export function mergeComplex(
  definition: Attribute,
  current: JsonValue | undefined,
  raw: JsonValue,
  clear: boolean,
): JsonValue | undefined {
  if (raw === null) return clear ? undefined : current;
  const sent = readComplex(definition, raw);
  if (sent === undefined && emptiesValue(definition, raw)) return undefined;
  const before = isJsonObject(current) ? current : {};
  const id = definition.valueAttribute?.name;
  const replaced = id !== undefined && sent?.[id] !== undefined && sent[id] !== before[id];
  const next: JsonObject = replaced ? { ...sent } : { ...before, ...sent };
  if (clear && isJsonObject(raw)) clearParts(definition, next, raw);
  if (Object.keys(next).length === 0) return undefined;
  assertRequiredParts(definition, next);
  return next;
}

/** Whether the value is '' or {"value": ""}, by which Entra removes a manager. */
function emptiesValue({ valueAttribute }: Attribute, raw: JsonValue): boolean {
  if (valueAttribute === undefined) return false;
  if (raw === '') return true;
  return isJsonObject(raw) && Object.keys(raw).some((key) => raw[key] === '' && key.toLowerCase() === 'value');
}

function clearParts(definition: Attribute, next: JsonObject, raw: JsonObject): void {
  for (const key of Object.keys(raw)) {
    const value = raw[key];
    if (value !== null && !(Array.isArray(value) && value.length === 0)) continue;
    const part = definition.subAttributes.get(key.toLowerCase());
    if (part?.mutability !== 'readOnly') delete next[part?.name ?? key];
  }
}
