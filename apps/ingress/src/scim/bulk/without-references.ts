import { isJsonObject } from '@rollcall/scim';
import type { BulkOperation, JsonValue } from '@rollcall/scim';

/** The operation without what still refers to a bulkId: values of lists, and attributes that are nothing else. */
export function withoutReferences(operation: BulkOperation): BulkOperation {
  const data = operation.data === undefined ? undefined : strip(operation.data);
  return data === undefined ? operation : { ...operation, data };
}

function strip(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return value.startsWith('bulkId:') ? undefined : value;
  if (Array.isArray(value)) return value.flatMap((element) => strip(element) ?? []);
  if (!isJsonObject(value)) return value;
  // A member or manager is its value: without it the rest means nothing.
  if (typeof value.value === 'string' && value.value.startsWith('bulkId:')) return undefined;
  const entries = Object.entries(value).flatMap(([key, held]): [string, JsonValue][] => {
    const left = strip(held);
    return left === undefined ? [] : [[key, left]];
  });
  return Object.fromEntries(entries);
}
