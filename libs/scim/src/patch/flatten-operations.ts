import { isJsonObject, isUnsafeKey } from '../json';
import type { JsonValue } from '../json';
import type { AttributePath, ResourceType } from '../schema/schema';
import { ScimError, invalidPath, invalidValue, noTarget } from '../scim-error';
import { checkText } from '../value/copy-json';
import type { PatchOperation } from './parse-patch-request';
import { parsePatchTarget } from './parse-patch-target';
import type { PatchTarget } from './parse-patch-target';
import { unwrapNamed } from './unwrap-named';

/** An operation on one attribute, or on a whole container. */
export interface AttributeOperation {
  op: PatchOperation['op'];
  target: PatchTarget;
  /** Undefined only for `remove`. */
  value: JsonValue | undefined;
}

/** More changes to attributes in one request are refused; member values are not counted here. */
export const PATCH_CHANGES_MAX = 1_000;

/**
 * Turns operations into operations on one attribute each: those without path, and those on a whole schema, become one
 * per key of their value. Keys may be what Entra sends (`name.givenName`, `urn:…:User:department`, value paths). In
 * such a value read-only attributes and `schemas` are skipped: Okta repeats the resource's own id there. Others may go on between
 * its steps: a filter in each of many paths takes long to parse.
 * @throws ScimError 400 noTarget for a remove without path, invalidValue for a missing value, mutability for a path to
 * a read-only attribute; 413 for more than 1,000 changes.
 */
export function* flattenOperations(
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
): Generator<void, AttributeOperation[]> {
  const flat: AttributeOperation[] = [];
  for (const operation of operations) {
    yield;
    yield* flattenOperation(flat, operation, resourceType);
    assertFewChanges(flat.length);
  }
  return flat;
}

/**
 * Refuses a request that changes too many attributes one by one.
 * @throws ScimError 413.
 */
export function assertFewChanges(count: number): void {
  if (count <= PATCH_CHANGES_MAX) return;
  throw new ScimError(413, undefined, `The request makes more than ${PATCH_CHANGES_MAX} changes. Send several.`);
}

function* flattenOperation(
  flat: AttributeOperation[],
  { op, path, value }: PatchOperation,
  type: ResourceType,
): Generator<void> {
  if (path === undefined && op === 'remove') {
    throw noTarget('A remove operation has no path. Send the path of the attribute to remove.');
  }
  if (value === undefined && op !== 'remove') {
    throw invalidValue(`The operation "${op}" has no value. Send the value to set.`);
  }
  if (path === undefined) return yield* flattenObject(flat, { op, container: null, type, outermost: true }, value);
  const target = parsePatchTarget(type, path);
  if (target.path.attribute === null) return yield* flattenContainer(flat, { op, target, value }, type);
  if (!isDerived(target.path)) flat.push({ op, target, value: unwrapNamed(target.path, value, op) });
}

/** `schemas` follows from what the resource holds; a write to it is accepted and has no effect. */
function isDerived(path: AttributePath): boolean {
  return path.container === null && path.definition?.name === 'schemas';
}

/** An operation on a whole schema: the core one stands for the resource itself, an extension for its container. */
function* flattenContainer(
  flat: AttributeOperation[],
  operation: AttributeOperation,
  type: ResourceType,
): Generator<void> {
  const { op, target, value } = operation;
  const { container } = target.path;
  if (op === 'remove' && container === null) {
    throw noTarget('A remove operation names the whole resource. Send the path of the attribute to remove.');
  }
  if (op === 'remove' || (value === null && container !== null && op === 'replace')) {
    flat.push({ op: 'remove', target, value: undefined });
  } else if (value !== null) yield* flattenObject(flat, { op, container, type, outermost: false }, value);
}

/** What the keys of a value without path belong to. */
interface KeyContext {
  op: PatchOperation['op'];
  container: string | null;
  type: ResourceType;
  /** Only the outermost object may hold containers. */
  outermost: boolean;
}

function* flattenObject(
  flat: AttributeOperation[],
  context: KeyContext,
  value: JsonValue | undefined,
): Generator<void> {
  const object = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isJsonObject(object)) {
    throw invalidValue('The value of an operation without path is not an object. Send {"attribute": value}.');
  }
  for (const key of Object.keys(object)) {
    yield;
    yield* flattenKey(flat, context, key, object[key] ?? null);
  }
}

function* flattenKey(flat: AttributeOperation[], context: KeyContext, key: string, value: JsonValue): Generator<void> {
  if (isUnsafeKey(key)) return;
  const { op, type } = context;
  const target = parseKey(key, context.container, type);
  if (target.path.attribute === null) {
    if (!context.outermost) throw invalidPath(`"${key}" is a schema inside a schema. Send it beside the other one.`);
    return yield* flattenContainer(flat, { op, target, value }, type);
  }
  if (!isDerived(target.path) && !isReadOnly(target.path)) flat.push({ op, target, value });
}

/**
 * A key as a path; one that is a bare name need not be a valid attribute name, as in a POST body. Inside a container no
 * further URN is looked for.
 */
function parseKey(key: string, container: string | null, type: ResourceType): PatchTarget {
  const text = container === null ? key : `${container}:${key}`;
  const known = type.paths.get(text.toLowerCase());
  if (known !== undefined) return { path: known, filter: undefined };
  const isPath = container === null ? /[.:[]/.test(key) : /^[^:[]*[.[]/.test(key);
  if (isPath) return parsePatchTarget(type, text);
  return { path: unknownName(container, checkText(key, 'an attribute name')), filter: undefined };
}

function unknownName(container: string | null, attribute: string): AttributePath {
  return {
    container,
    attribute,
    subAttribute: null,
    definition: undefined,
    subDefinition: undefined,
    implied: false,
  };
}

/** Whether a path leads to what only the server sets. */
export function isReadOnly(path: AttributePath): boolean {
  return path.definition?.mutability === 'readOnly' || path.subDefinition?.mutability === 'readOnly';
}
