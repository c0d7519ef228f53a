import type { JsonObject, JsonValue } from '../json';
import { VALUE_DEPTH_MAX } from '../value/copy-json';
import type { BulkOperation } from './parse-bulk-request';

/**
 * The bulkIds that an operation refers to (RFC 7644 §3.7.2), each once: in its path, in texts that are `bulkId:…` as a
 * whole, and inside `path` and `$ref` members, as in `members[value eq "bulkId:…"]`.
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

/**
 * The order in which to carry out operations, as indexes: each after those it refers to, otherwise as sent. Operations
 * that refer to each other in a circle keep their order; the first of them meets an unresolved reference, which the
 * caller adds once the other exists.
 */
export function orderBulkOperations(operations: readonly BulkOperation[]): number[] {
  const owners = new Map<string, number>();
  operations.forEach(({ bulkId }, index) => {
    if (bulkId !== undefined && !owners.has(bulkId)) owners.set(bulkId, index);
  });
  const references = operations.map((operation) =>
    findBulkIdReferences(operation).flatMap((bulkId) => owners.get(bulkId) ?? []),
  );
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

/** Gives the id for a bulkId, or undefined to leave the reference. */
type Lookup = (bulkId: string) => string | undefined;

const PREFIX = 'bulkId:';
const REFERENCE = /bulkId:([^\s"'/\\\])]+)/g;

function replaceInOperation(operation: BulkOperation, lookup: Lookup): BulkOperation {
  const path = replaceInside(operation.path, lookup);
  if (operation.data === undefined) return { ...operation, path };
  return { ...operation, path, data: replaceInValue(operation.data, lookup, false, 0) };
}

function replaceInside(text: string, lookup: Lookup): string {
  if (!text.includes(PREFIX)) return text;
  return text.replace(REFERENCE, (reference, bulkId: string) => lookup(bulkId) ?? reference);
}

/** Deeper than any value that is read later, nothing is looked at: it gets refused there. */
const DEPTH_MAX = VALUE_DEPTH_MAX * 2;

function replaceInValue(value: JsonValue, lookup: Lookup, inside: boolean, depth: number): JsonValue {
  if (typeof value === 'string') {
    if (inside) return replaceInside(value, lookup);
    return value.startsWith(PREFIX) ? (lookup(value.slice(PREFIX.length)) ?? value) : value;
  }
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((element) => replaceInValue(element, lookup, inside, depth + 1));
  return replaceInObject(value, lookup, depth);
}

function replaceInObject(object: JsonObject, lookup: Lookup, depth: number): JsonObject {
  const entries = Object.keys(object).map((key): [string, JsonValue] => {
    const inside = key === '$ref' || key.toLowerCase() === 'path';
    return [key, replaceInValue(object[key] ?? null, lookup, inside, depth + 1)];
  });
  return Object.fromEntries(entries);
}
