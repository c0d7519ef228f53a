import { getOwn, isJsonObject } from '../json';
import type { JsonObject, JsonValue, ScimResource } from '../json';
import type { Attribute, CompiledSchema, ResourceType } from '../schema/schema';
import { mutability } from '../scim-error';
import { jsonEquals } from '../value/json-equals';
import { withSchemas } from './list-schemas';

/** What a write made of a resource. */
export interface ChangedResource {
  /** The same object as before when nothing changed. */
  resource: ScimResource;
  changed: boolean;
}

/**
 * Puts `next`, a canonical resource read from a PUT body, in the place of `current` (RFC 7644 §3.5.1): what is not in
 * it is cleared, but for `active` and what is immutable.
 * @throws ScimError 400 mutability when an immutable attribute has a value and the body another.
 */
export function replaceResource(
  current: ScimResource,
  next: ScimResource,
  resourceType: ResourceType,
): ChangedResource {
  let merged = keepAttributes(current, next, resourceType.core);
  for (const extension of resourceType.extensions) {
    const before = getOwn(current, extension.id);
    const sent = getOwn(merged, extension.id);
    if (!isJsonObject(before)) continue;
    const container = keepAttributes(before, isJsonObject(sent) ? sent : {}, extension);
    if (Object.keys(container).length > 0) merged = { ...merged, [extension.id]: container };
  }
  const resource = withSchemas(merged, resourceType);
  return jsonEquals(current, resource) ? { resource: current, changed: false } : { resource, changed: true };
}

function keepAttributes(current: JsonObject, next: JsonObject, schema: CompiledSchema): JsonObject {
  const kept = { ...next };
  for (const attribute of schema.attributes.values()) {
    const before = getOwn(current, attribute.name);
    if (before === undefined) continue;
    const after = keepValue(attribute, before, getOwn(next, attribute.name));
    if (after !== undefined) kept[attribute.name] = after;
  }
  return kept;
}

function keepValue(attribute: Attribute, before: JsonValue, after: JsonValue | undefined): JsonValue | undefined {
  if (after === undefined)
    return attribute.keptWhenUnassigned || attribute.mutability === 'immutable' ? before : undefined;
  const value = isJsonObject(before) && isJsonObject(after) ? keepParts(attribute, before, after) : after;
  assertImmutable(attribute, before, value);
  return value;
}

function keepParts(attribute: Attribute, before: JsonObject, after: JsonObject): JsonObject {
  const kept = { ...after };
  for (const part of attribute.subAttributes.values()) {
    const value = getOwn(before, part.name);
    if (part.mutability === 'immutable' && value !== undefined && !Object.hasOwn(after, part.name))
      kept[part.name] = value;
  }
  return kept;
}

/**
 * Refuses a change of an immutable attribute, or of an immutable sub-attribute of a single-valued one, that has a value.
 * @throws ScimError 400 mutability.
 */
export function assertImmutable(
  attribute: Attribute,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): void {
  if (before === undefined) return;
  if (attribute.mutability === 'immutable' && !jsonEquals(before, after)) {
    throw mutability(`${attribute.label} cannot be changed once it is set. Send the value it has, or leave it out.`);
  }
  if (!isJsonObject(before)) return;
  for (const part of attribute.subAttributes.values()) {
    if (part.mutability !== 'immutable') continue;
    assertImmutable(part, getOwn(before, part.name), isJsonObject(after) ? getOwn(after, part.name) : undefined);
  }
}
