import { findOwnKey, isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import type { AttributePath, ResourceType } from '../schema/schema';
import type { BulkOperation } from './parse-bulk-request';

/**
 * The bulkIds that an operation refers to (RFC 7644 §3.7.2), each once: in its path, in the attributes whose values are other
 * resources (members, manager), and in the filters of PATCH paths on those, as in `members[value eq "bulkId:…"]`. Anywhere else
 * what begins with `bulkId:` is a text like any other.
 */
export function findBulkIdReferences(operation: BulkOperation): string[] {
  const found = new Set<string>();
  replaceInOperation(operation, (bulkId) => {
    found.add(bulkId);
    return undefined;
  });
  return [...found];
}

/**
 * The operation with references replaced by the ids of the resources made so far.
 * @returns the operation and the bulkIds that `ids` does not have, whose references are left as they are.
 */
export function resolveBulkIdReferences(
  operation: BulkOperation,
  ids: ReadonlyMap<string, string>,
): { operation: BulkOperation; unresolved: string[] } {
  const unresolved = new Set<string>();
  const resolved = replaceInOperation(operation, (bulkId) => {
    const id = ids.get(bulkId);
    if (id === undefined) unresolved.add(bulkId);
    return id;
  });
  return { operation: resolved, unresolved: [...unresolved] };
}

/** The operation without the values that refer to a bulkId: a member or manager is its value, without which the rest means nothing. */
export function omitBulkIdReferences(operation: BulkOperation): BulkOperation {
  return replaceInOperation(operation, () => null);
}

/**
 * The order in which to carry out operations, as indexes: each after those it refers to, otherwise as sent. Operations
 * that refer to each other in a circle keep their order; the first of them meets an unresolved reference, which the
 * caller adds once the other exists. Only a POST makes the resource that its bulkId stands for.
 * @param bulkIds what each operation refers to, as `findBulkIdReferences` finds it
 */
export function orderBulkOperations(
  operations: readonly BulkOperation[],
  bulkIds: readonly (readonly string[])[],
): number[] {
  const owners = new Map<string, number>();
  operations.forEach(({ method, bulkId }, index) => {
    if (method === 'POST' && bulkId !== undefined && !owners.has(bulkId)) owners.set(bulkId, index);
  });
  const references = bulkIds.map((found) => found.flatMap((bulkId) => owners.get(bulkId) ?? []));
  const order: number[] = [];
  const visited = new Set<number>();
  for (const start of operations.keys()) visit(start, references, visited, order);
  return order;
}

/** Depth first without recursion: a chain of references may be as long as the request. */
function visit(start: number, references: readonly number[][], visited: Set<number>, order: number[]): void {
  if (visited.has(start)) return;
  visited.add(start);
  const stack = [{ index: start, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const reference = references[top.index]?.[top.next++];
    if (reference === undefined) {
      order.push(top.index);
      stack.pop();
    } else if (!visited.has(reference)) {
      visited.add(reference);
      stack.push({ index: reference, next: 0 });
    }
  }
}

/** Gives the id for a bulkId, undefined to leave the reference, or null to leave out the value that refers. */
type Lookup = (bulkId: string) => string | null | undefined;

const TYPES: readonly ResourceType[] = [userResourceType, groupResourceType];
const PREFIX = 'bulkId:';
const REFERENCE = /bulkId:([^\s"'/\\\])]+)/g;

function replaceInOperation(operation: BulkOperation, lookup: Lookup): BulkOperation {
  const path = replaceInside(operation.path, lookup) ?? operation.path;
  const type = TYPES.find(({ endpoint }) => path === endpoint || path.startsWith(`${endpoint}/`));
  if (operation.data === undefined || type === undefined) return { ...operation, path };
  const data =
    operation.method === 'PATCH'
      ? replaceInPatch(operation.data, type, lookup)
      : replaceInResource(operation.data, type, lookup);
  return { ...operation, path, data };
}

function replaceInPatch(message: JsonValue, type: ResourceType, lookup: Lookup): JsonValue {
  if (!isJsonObject(message)) return message;
  return replaceEntries(message, (key, held) => {
    const isList = key.toLowerCase() === 'operations' && Array.isArray(held);
    return [key, isList ? held.map((operation) => replaceInPatchOperation(operation, type, lookup)) : held];
  });
}

function replaceInPatchOperation(operation: JsonValue, type: ResourceType, lookup: Lookup): JsonValue {
  if (!isJsonObject(operation)) return operation;
  const pathKey = findOwnKey(operation, 'path');
  const path = pathKey === undefined ? null : operation[pathKey];
  return replaceEntries(operation, (key, held) => {
    if (key === pathKey && typeof held === 'string') return [key, replaceInPath(held, type, lookup)];
    if (key.toLowerCase() !== 'value') return [key, held];
    const isWhole = typeof path !== 'string' || path.trim() === '';
    return [key, isWhole ? replaceInResource(held, type, lookup) : replaceAt(path, held, type, lookup)];
  });
}

/** A resource or a part of one; its keys may be any paths. */
function replaceInResource(value: JsonValue, type: ResourceType, lookup: Lookup, isOutermost = true): JsonValue {
  // The value of a PATCH operation without path is taken from a list of one, too.
  if (Array.isArray(value)) {
    return value.length === 1 && isJsonObject(value[0])
      ? [replaceInResource(value[0], type, lookup, isOutermost)]
      : value;
  }
  if (!isJsonObject(value)) return value;
  return replaceEntries(value, (key, held) => [
    replaceInPath(key, type, lookup),
    replaceAt(key, held, type, lookup, isOutermost),
  ]);
}

/** The value at a path; undefined when it is left out. */
function replaceAt(
  text: string,
  value: JsonValue,
  type: ResourceType,
  lookup: Lookup,
  isOutermost = true,
): JsonValue | undefined {
  const path = findPath(text, type);
  if (path === undefined) return value;
  if (path.attribute === null) return isOutermost ? replaceInResource(value, type, lookup, false) : value;
  if (!refersToResources(path)) return value;
  return Array.isArray(value)
    ? value.flatMap((element) => replaceReference(element, lookup) ?? [])
    : replaceReference(value, lookup);
}

/** A path with a filter in brackets names its attribute before them. */
function findPath(text: string, type: ResourceType): AttributePath | undefined {
  return type.paths.get((text.split('[', 1)[0] ?? '').trim().toLowerCase());
}

/** Whether the values at a path are other resources, which have a URI. */
function refersToResources({ definition, subAttribute }: AttributePath): boolean {
  if (definition === undefined || definition.mutability === 'readOnly') return false;
  return definition.subAttributes.has('$ref') && (subAttribute === null || REFERRING.has(subAttribute));
}

const REFERRING = new Set(['value', '$ref']);

/** One value that is another resource: its bare id, or an object with it. */
function replaceReference(value: JsonValue, lookup: Lookup): JsonValue | undefined {
  if (typeof value === 'string') return replaceWhole(value, lookup);
  if (!isJsonObject(value)) return value;
  let isOmitted = false;
  const replaced = replaceEntries(value, (key, held) => {
    if (typeof held !== 'string' || !REFERRING.has(key.toLowerCase())) return [key, held];
    const text = key === '$ref' ? replaceInside(held, lookup) : replaceWhole(held, lookup);
    isOmitted ||= text === undefined;
    return [key, text];
  });
  return isOmitted ? undefined : replaced;
}

function replaceInPath(text: string, type: ResourceType, lookup: Lookup): string {
  if (!text.includes(PREFIX)) return text;
  const path = findPath(text, type);
  return path !== undefined && refersToResources(path) ? (replaceInside(text, lookup) ?? text) : text;
}

/** A text that is a reference as a whole; undefined when it is left out. */
function replaceWhole(text: string, lookup: Lookup): string | undefined {
  if (!text.startsWith(PREFIX)) return text;
  const id = lookup(text.slice(PREFIX.length));
  return id === null ? undefined : (id ?? text);
}

/** A text that holds references; undefined when one of them is left out. */
function replaceInside(text: string, lookup: Lookup): string | undefined {
  if (!text.includes(PREFIX)) return text;
  let isOmitted = false;
  const replaced = text.replace(REFERENCE, (reference, bulkId: string) => {
    const id = lookup(bulkId);
    isOmitted ||= id === null;
    return id ?? reference;
  });
  return isOmitted ? undefined : replaced;
}

/** An object with its entries replaced, less those without value. Keys become own ones, whatever their names are. */
function replaceEntries(
  object: JsonObject,
  replace: (key: string, value: JsonValue) => [string, JsonValue | undefined],
): JsonObject {
  const entries = Object.keys(object).map((key) => replace(key, object[key] ?? null));
  return Object.fromEntries(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}
