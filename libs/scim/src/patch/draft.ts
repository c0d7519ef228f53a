import { countComparisons } from '../filter/count-comparisons';
import { findOwnKey, getOwn, isJsonObject } from '../json';
import type { JsonObject, JsonValue, ScimResource } from '../json';
import { holdsImplied } from '../path/resolve-attribute-path';
import { assertImmutable } from '../resource/replace-resource';
import type { AttributePath } from '../schema/schema';
import { invalidPath, invalidValue, mutability, noTarget, tooMany } from '../scim-error';
import { jsonEquals } from '../value/json-equals';
import { weighValue } from '../value/weigh-value';
import { isReadOnly } from './flatten-operations';
import type { AttributeOperation } from './flatten-operations';
import type { PatchTarget } from './parse-patch-target';

/**
 * A resource being patched. The original is never touched: the top level and each container are copied once, when first
 * written to, so that a failed operation leaves nothing behind and many operations cost no further copies.
 */
export interface Draft {
  readonly original: ScimResource;
  resource: ScimResource;
  readonly copied: Set<string>;
  /** What the operations so far have cost, as `weighValue` counts. */
  work: number;
}

/**
 * A request whose operations cost more is refused before the one that would be too much: many operations on an attribute with
 * very many values, or with filters of many comparisons, would hold up everyone else. A usual request costs less than a
 * hundred; five hundred values added one by one to an empty list cost as much as one may.
 */
const PATCH_WORK_MAX = 250_000;

/** Computes an attribute's next value from its present one; undefined = unassigned. */
export type ChangeValue = (current: JsonValue | undefined, path: AttributePath) => JsonValue | undefined;

/** A draft that has changed nothing yet; the original is never written to. */
export function startDraft(original: ScimResource): Draft {
  return { original, resource: original, copied: new Set(), work: 0 };
}

/**
 * Changes the attribute at which an operation aims.
 * @throws ScimError 400 mutability for a read-only or set immutable attribute and for removing a required one, 400
 * invalidValue for setting a required one to nothing, 400 invalidPath for a part of an attribute that neither a schema nor the
 * resource has, tooMany when the request costs too much.
 */
export function changeAttribute(draft: Draft, { op, target }: AttributeOperation, change: ChangeValue): void {
  if (isReadOnly(target.path)) throw mutability(`${labelOf(target.path)} is read-only. Take it out of the request.`);
  if (target.path.definition === undefined) spend(draft, Object.keys(draft.resource).length);
  const path = groundPath(draft.resource, target.path);
  const holder = readHolder(draft.resource, path.container);
  if (path.attribute === null) return removeContainer(draft, path.container);
  if (op !== 'remove' && leadsNowhere(path, target)) assertHeld(holder, path.attribute);
  const current = getOwn(holder, path.attribute);
  const comparisons = target.filter === undefined ? 0 : countComparisons(target.filter);
  spend(draft, weighValue(current) * (1 + comparisons));
  const next = change(current, path);
  if (next === undefined && path.definition?.keptWhenUnassigned === true) return;
  if (next === current || jsonEquals(next, current)) return;
  assertAllowed(path, op, current, next);
  write(draft, path.container, path.attribute, next);
}

/** Whether a path goes into an attribute that no schema knows, and that no URN says is somebody's own. */
function leadsNowhere({ container, definition, subAttribute }: AttributePath, { filter }: PatchTarget): boolean {
  return container === null && definition === undefined && (subAttribute !== null || filter !== undefined);
}

function assertHeld(holder: JsonObject, attribute: string): void {
  if (Object.hasOwn(holder, attribute)) return;
  throw invalidPath(
    `There is no attribute "${attribute}". Send the path of an attribute of the schema, or of an extension.`,
  );
}

function spend(draft: Draft, work: number): void {
  draft.work += work;
  if (draft.work <= PATCH_WORK_MAX) return;
  throw tooMany('The request has too many operations on very long lists, or too long filters. Send fewer at a time.');
}

function labelOf(path: AttributePath): string {
  return path.subDefinition?.label ?? path.definition?.label ?? 'The attribute';
}

/**
 * The path as it applies to this resource: names that no schema knows in the case the resource has them, and a bare
 * name at the top level when the resource has it there.
 */
function groundPath(resource: ScimResource, path: AttributePath): AttributePath {
  if (path.definition !== undefined && !path.implied) return path;
  const atTop = holdsImplied(resource, path);
  if (path.definition !== undefined && !atTop) return path;
  const container = path.container === null || atTop ? null : (findOwnKey(resource, path.container) ?? path.container);
  const holder = readHolder(resource, container);
  const attribute = path.attribute === null ? null : (findOwnKey(holder, path.attribute) ?? path.attribute);
  return { ...path, container, attribute, definition: undefined, subDefinition: undefined };
}

function readHolder(resource: ScimResource, container: string | null): JsonObject {
  if (container === null) return resource;
  const held = getOwn(resource, container);
  if (held === undefined) return {};
  if (!isJsonObject(held)) throw noTarget(`"${container}" holds a plain value, no attributes. Remove it first.`);
  return held;
}

function assertAllowed(
  { definition }: AttributePath,
  op: AttributeOperation['op'],
  current: JsonValue | undefined,
  next: JsonValue | undefined,
): void {
  if (definition === undefined) return;
  if (definition.required && next === undefined) {
    throw op === 'remove'
      ? mutability(`${definition.label} is required and cannot be removed. Replace it instead.`)
      : invalidValue(`${definition.label} is required. Send a value for it.`);
  }
  if (!definition.multiValued) assertImmutable(definition, current, next);
  else if (definition.mutability === 'immutable')
    assertImmutable({ ...definition, subAttributes: new Map() }, current, next);
}

function write(draft: Draft, container: string | null, attribute: string, value: JsonValue | undefined): void {
  const top = own(draft);
  if (container === null) return assign(top, attribute, value);
  if (!draft.copied.has(container)) {
    top[container] = { ...readHolder(top, container) };
    draft.copied.add(container);
  }
  const holder = readHolder(top, container);
  assign(holder, attribute, value);
  if (Object.keys(holder).length === 0) removeContainer(draft, container);
}

/** The top level, copied before its first change. */
function own(draft: Draft): ScimResource {
  if (draft.resource === draft.original) draft.resource = { ...draft.original };
  return draft.resource;
}

function assign(holder: JsonObject, key: string, value: JsonValue | undefined): void {
  if (value === undefined) delete holder[key];
  else holder[key] = value;
}

function removeContainer(draft: Draft, container: string | null): void {
  if (container === null || !Object.hasOwn(draft.resource, container)) return;
  delete own(draft)[container];
  draft.copied.delete(container);
}
