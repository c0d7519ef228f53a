import { findOwnKey, getOwn, isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { assertImmutable } from '../resource/replace-resource';
import type { Attribute, AttributePath } from '../schema/schema';
import { invalidPath } from '../scim-error';
import { readUnknown } from '../value/copy-json';
import { keepOnePrimary } from '../value/keep-one-primary';
import { readAttribute } from '../value/read-attribute';
import { mergeComplex } from './merge-complex';
import { unwrapList } from './unwrap-list';

/**
 * Sets a sub-attribute named by a path without filter: of every value of a multi-valued attribute, of a new value when
 * there is none. null unassigns it.
 * @throws ScimError 400.
 */
export function setPart(
  current: JsonValue | undefined,
  path: AttributePath,
  name: string,
  raw: JsonValue,
): JsonValue | undefined {
  const { definition, subDefinition } = path;
  if (definition !== undefined && subDefinition !== undefined && isIdentifying(definition, subDefinition)) {
    return mergeComplex(definition, current, { [name]: unwrapList(subDefinition, raw) }, true);
  }
  if (!Array.isArray(current) && definition?.multiValued !== true) return setPartOf(current ?? {}, path, name, raw);
  const before = Array.isArray(current) ? current : [];
  const after = (before.length === 0 && raw !== null ? [{}] : before).flatMap(
    (value) => setPartOf(value, path, name, raw) ?? [],
  );
  if (after.length === 0) return undefined;
  return definition?.hasPrimary === true ? keepOnePrimary(before, after) : after;
}

/** Whether a sub-attribute says what a single-valued attribute stands for. */
function isIdentifying({ multiValued, valueAttribute }: Attribute, part: Attribute): boolean {
  return !multiValued && valueAttribute !== undefined && (part === valueAttribute || part.name === '$ref');
}

/**
 * One value with a sub-attribute set, or without it when `raw` means unassigned; undefined when nothing is left.
 * @throws ScimError 400 mutability for a set immutable sub-attribute.
 */
export function setPartOf(value: JsonValue, path: AttributePath, name: string, raw: JsonValue): JsonValue | undefined {
  const { definition, subDefinition } = path;
  const isValue = subDefinition !== undefined && subDefinition === definition?.valueAttribute;
  if (!isJsonObject(value) && !(isValue && definition.plainValues)) {
    throw invalidPath(`The attribute ${path.attribute} holds plain values without sub-attributes. Use its path alone.`);
  }
  const part = readPart(subDefinition, `${path.attribute}.${name}`, raw);
  if (!isJsonObject(value)) return part;
  const key = subDefinition?.name ?? findOwnKey(value, name) ?? name;
  if (subDefinition !== undefined) assertImmutable(subDefinition, getOwn(value, key), part);
  return part === undefined ? withoutPart(value, key, definition) : { ...value, [key]: part };
}

function readPart(definition: Attribute | undefined, label: string, raw: JsonValue): JsonValue | undefined {
  return definition === undefined ? readUnknown(raw, label) : readAttribute(definition, unwrapList(definition, raw));
}

/** What tells about a value of a multi-valued attribute without being one. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['type', 'primary', 'display']);

/** A value without one sub-attribute; undefined when nothing is left or, of several values, only a description. */
export function withoutPart(value: JsonObject, key: string, definition: Attribute | undefined): JsonObject | undefined {
  const { [key]: _removed, ...rest } = value;
  const left = Object.keys(rest);
  const empty = definition?.multiValued === true ? left.every((name) => DESCRIPTIVE.has(name)) : left.length === 0;
  return empty ? undefined : rest;
}
