import { matchesValue } from '../filter/evaluate-filter';
import { findOwnKey, getOwn, isJsonObject } from '../json';
import type { JsonValue } from '../json';
import type { Attribute, AttributePath } from '../schema/schema';
import { mutability, noTarget } from '../scim-error';
import { identityKey, valueKey } from '../value/identity-key';
import { unmatched } from './change-selected';
import type { PatchTarget } from './parse-patch-target';
import { withoutPart } from './set-part';

/**
 * What an attribute becomes when it, the values a filter selects, or a sub-attribute is removed (RFC 7644 §3.5.2.2). A
 * filter that selects nothing removes nothing, so that a repeated request succeeds; in strict mode it is refused as §3.12 says.
 *
 * With a list of values, of a multi-valued attribute only those are removed: Entra and JumpCloud mean it so.
 * @throws ScimError 400 mutability for a required or immutable sub-attribute, noTarget in strict mode.
 */
export function removeValue(
  current: JsonValue | undefined,
  { path, filter }: PatchTarget,
  listed: JsonValue | undefined,
  strict: boolean,
): JsonValue | undefined {
  if (strict && filter !== undefined) assertSelects(current, path, filter);
  if (current === undefined) return undefined;
  const { subAttribute } = path;
  if (subAttribute === null) return removeWhole(current, path, filter === undefined ? listed : undefined, filter);
  const rest = (Array.isArray(current) ? current : [current]).flatMap((value) =>
    filter === undefined || matchesValue(filter, value) ? (removePart(value, path, subAttribute) ?? []) : [value],
  );
  return rest.length === 0 ? undefined : Array.isArray(current) ? rest : rest[0];
}

function assertSelects(
  current: JsonValue | undefined,
  path: AttributePath,
  filter: NonNullable<PatchTarget['filter']>,
): void {
  const values = Array.isArray(current) ? current : current === undefined ? [] : [current];
  if (!values.some(matcher(filter))) throw noTarget(unmatched(path));
}

function removeWhole(
  current: JsonValue,
  path: AttributePath,
  listed: JsonValue | undefined,
  filter: PatchTarget['filter'],
): JsonValue | undefined {
  const named = listed === undefined || listed === null ? undefined : Array.isArray(listed) ? listed : [listed];
  if (filter === undefined && (named === undefined || !Array.isArray(current))) return undefined;
  const values = Array.isArray(current) ? current : [current];
  const isRemoved = filter === undefined ? isListed(named ?? [], path.definition) : matcher(filter);
  const rest = values.filter((value) => !isRemoved(value));
  if (rest.length === values.length) return current;
  return rest.length === 0 ? undefined : Array.isArray(current) ? rest : rest[0];
}

function matcher(filter: NonNullable<PatchTarget['filter']>): (value: JsonValue) => boolean {
  return (value) => matchesValue(filter, value);
}

/** Whether a value is among those listed: by type and value, by the value alone where no type is given, or by all. */
function isListed(listed: readonly JsonValue[], definition: Attribute | undefined): (value: JsonValue) => boolean {
  const ids = new Set<string>();
  const whole = new Set<string>();
  for (const value of listed) {
    const id = isJsonObject(value) ? getOwn(value, 'value') : value;
    const typed = isJsonObject(value) && getOwn(value, 'type') !== undefined;
    if (id === undefined || id === null || typed) whole.add(identityKey(value, definition));
    else ids.add(valueKey(id, definition));
  }
  return (value) => {
    const id = isJsonObject(value) ? getOwn(value, 'value') : value;
    return (
      (id !== undefined && id !== null && ids.has(valueKey(id, definition))) ||
      whole.has(identityKey(value, definition))
    );
  };
}

function removePart(
  value: JsonValue,
  { definition, subDefinition }: AttributePath,
  name: string,
): JsonValue | undefined {
  const isValue = subDefinition !== undefined && subDefinition === definition?.valueAttribute;
  if (!isJsonObject(value)) return isValue ? undefined : value;
  // The value is what a single one stands for: the rest alone would name nobody.
  if (isValue && !definition.multiValued) return undefined;
  const key = subDefinition?.name ?? findOwnKey(value, name) ?? name;
  if (!Object.hasOwn(value, key)) return value;
  if (subDefinition?.required === true || subDefinition?.mutability === 'immutable') {
    throw mutability(
      `${subDefinition.label} cannot be removed. Remove the whole value of ${definition?.label} instead.`,
    );
  }
  return withoutPart(value, key, definition);
}
