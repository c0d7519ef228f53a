import { isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { addValue } from '../patch/add-value';
import { changeAttribute, startDraft } from '../patch/draft';
import { assertFewChanges, isReadOnly } from '../patch/flatten-operations';
import { parsePatchTarget } from '../patch/parse-patch-target';
import type { PatchTarget } from '../patch/parse-patch-target';
import { longestKnownUrn } from '../path/resolve-attribute-path';
import type { CompiledSchema, ReadResult, ResourceType } from '../schema/schema';
import { invalidPath } from '../scim-error';
import { readUnknown } from '../value/copy-json';
import { readAttribute } from '../value/read-attribute';
import { readMembers } from '../value/read-members';

/** A key of a body that is a path, with its value. */
export interface PathKey {
  path: string;
  raw: JsonValue;
}

/** What a path begins with: a URN, or a name with more behind it. What has other characters in it is an odd name. */
const LIKE_A_PATH = /^(?:urn:[^\s[]+|[A-Za-z_$][\w$-]*(?:\.[\w$.-]*)?)(?:\[.*)?$/i;

/** A URN that ends with a version and a name, as those of schemas do, and has more behind it. */
const BEHIND_SCHEMA = /:\d+(?:\.\d+)*:[A-Za-z]\w*[:.]/;

/**
 * Whether a key of a body is a path and no name: it begins with an attribute that a schema knows, bare or behind the URN of its
 * schema, and has more behind it. Other names with dots and brackets are kept as sent, for customers write templates with any;
 * a URN that no schema has, with an object, is the container of an extension.
 */
export function isPathKey(key: string, raw: JsonValue, resourceType: ResourceType): boolean {
  if (!/[.:[]/.test(key) || !LIKE_A_PATH.test(key)) return false;
  if (longestKnownUrn(resourceType, key.toLowerCase()) !== undefined) return true;
  if (key.includes(':')) return !isJsonObject(raw) && BEHIND_SCHEMA.test(key);
  return resourceType.paths.has(headOf(key));
}

/** Whether a key within an extension's container is a path into one of its attributes. */
export function isPathWithin(key: string, { attributes }: CompiledSchema): boolean {
  return /[.[]/.test(key) && LIKE_A_PATH.test(key) && attributes.has(headOf(key));
}

/** What stands before the first dot or bracket. */
function headOf(key: string): string {
  return key.slice(0, key.search(/[.[]|$/)).toLowerCase();
}

/**
 * Applies what the path keys of a body say to the rest of it, each as a PATCH that adds it would.
 * Others may go on between its steps.
 * @throws ScimError 400 invalidPath, invalidFilter, invalidValue, noTarget or tooMany; 413 for more than 1,000 of them.
 */
export function* applyPathKeys(
  read: ReadResult,
  keys: readonly PathKey[],
  resourceType: ResourceType,
): Generator<void, ReadResult> {
  if (keys.length === 0) return read;
  assertFewChanges(keys.length);
  const result = { ...read };
  const draft = startDraft(read.resource);
  for (const { path, raw } of keys) {
    yield;
    const target = parsePatchTarget(resourceType, path);
    if (isReadOnly(target.path) || isGiven(read.resource, target)) continue;
    if (yield* readApart(result, target, raw, resourceType)) continue;
    if (target.path.attribute === null) {
      const value = readUnknown(raw, path);
      if (value !== undefined) draft.resource = { ...draft.resource, [path]: value };
    } else {
      changeAttribute(draft, { op: 'add', target, value: raw }, (current, grounded) =>
        addValue(current, { ...target, path: grounded }, raw),
      );
    }
  }
  return { ...result, resource: draft.resource };
}

/** Whether a plain key of the body gave the value, which counts then: `active: false` is not undone by another way to write it. */
function isGiven(resource: JsonObject, { path, filter }: PatchTarget): boolean {
  const { container, attribute, subAttribute } = path;
  if (filter !== undefined || attribute === null) return false;
  const holder = container === null ? resource : resource[container];
  const held = isJsonObject(holder) ? holder[attribute] : undefined;
  return subAttribute !== null && isJsonObject(held) ? held[subAttribute] !== undefined : held !== undefined;
}

/** Reads what is no part of the resource: a password, and members. */
function* readApart(
  result: ReadResult,
  { path, filter }: PatchTarget,
  raw: JsonValue,
  type: ResourceType,
): Generator<void, boolean> {
  const { definition, container, subAttribute } = path;
  if (definition?.mutability === 'writeOnly') {
    const value = readAttribute(definition, raw);
    if (definition.name === 'password' && typeof value === 'string') result.password = value;
    return true;
  }
  if (definition === undefined || container !== null || definition.name !== type.memberAttribute) return false;
  if (filter !== undefined || subAttribute !== null) {
    throw invalidPath(
      `A path into ${definition.label} cannot be a key. Send "${definition.label}" as a list of members.`,
    );
  }
  result.members = yield* readMembers(raw, definition.label);
  return true;
}
