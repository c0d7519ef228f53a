import { isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { Attribute } from '../schema/schema';
import { assertRequiredParts, isServersOwn, readComplex } from '../value/read-attribute';

/**
 * Merges a value into a single-valued complex attribute (RFC 7644 §3.5.2.1, §3.5.2.3): what is sent is set, the rest
 * stays. With `clear`, sub-attributes sent as null are unassigned.
 *
 * An attribute that stands for something by its `value` or, where none is sent, by its `$ref` (a manager) is replaced as a
 * whole when that changes, and an empty `value` unassigns it.
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
  if (sent === undefined && emptiesValue(definition, raw, clear)) return undefined;
  const before = isJsonObject(current) ? current : {};
  const next: JsonObject = isAnother(definition, before, sent) ? { ...sent } : { ...before, ...sent };
  if (clear && isJsonObject(raw)) clearParts(definition, next, { sent, raw });
  if (Object.keys(next).length === 0) return undefined;
  assertRequiredParts(definition, next);
  return next;
}

function isAnother({ valueAttribute, subAttributes }: Attribute, before: JsonObject, sent: JsonObject = {}): boolean {
  if (valueAttribute === undefined) return false;
  const { name } = valueAttribute;
  if (sent[name] !== undefined) return sent[name] !== before[name];
  const reference = subAttributes.has('$ref') ? sent['$ref'] : undefined;
  if (typeof reference !== 'string' || reference === before['$ref']) return false;
  // The URL of what `value` names says the same once more.
  return reference.slice(reference.lastIndexOf('/') + 1) !== before[name];
}

/** Whether the value is '' or {"value": ""}, by which Entra removes a manager, or with `clear` {"value": null}. */
function emptiesValue({ valueAttribute, subAttributes }: Attribute, raw: JsonValue, clear: boolean): boolean {
  if (valueAttribute === undefined) return false;
  if (raw === '') return true;
  const isValue = (key: string) => subAttributes.get(key.toLowerCase()) === valueAttribute;
  const isEmpty = (value: JsonValue | undefined) => value === '' || (clear && value === null);
  return isJsonObject(raw) && Object.keys(raw).some((key) => isEmpty(raw[key]) && isValue(key));
}

/** Unassigns what was sent as null, unless it came with a value under another of its names. */
function clearParts(
  definition: Attribute,
  next: JsonObject,
  { sent = {}, raw }: { sent: JsonObject | undefined; raw: JsonObject },
): void {
  for (const key of Object.keys(raw)) {
    const value = raw[key];
    if (value !== null && !(Array.isArray(value) && value.length === 0)) continue;
    const part = definition.subAttributes.get(key.toLowerCase());
    const name = part?.name ?? key;
    if (!Object.hasOwn(sent, name) && (part === undefined || !isServersOwn(part))) delete next[name];
  }
}
