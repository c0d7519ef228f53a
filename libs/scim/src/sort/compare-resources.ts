import { foldCase } from '../filter/evaluate-filter';
import { getOwn, isJsonObject } from '../json';
import type { JsonValue, ScimResource } from '../json';
import { readName, readPath, resolveAttributePath } from '../path/resolve-attribute-path';
import type { Attribute, AttributePath, ResourceType } from '../schema/schema';
import { ScimError, invalidValue } from '../scim-error';
import { parseDateTime } from '../value/parse-date-time';
import type { Sort } from './parse-sort';

/**
 * Compares two resources for a sort (RFC 7644 §3.4.2.3): by the attribute's type, text without regard to case unless
 * caseExact; of several values by the primary one, else the first. Without a value a resource comes last in ascending
 * order and first in descending order.
 * @returns negative when `a` comes first, positive when `b` does, 0 when the order does not tell.
 * @throws ScimError 400 invalidValue as `resolveSortPath`.
 */
export function compareResources(a: ScimResource, b: ScimResource, sort: Sort, resourceType: ResourceType): number {
  const path = resolveSortPath(sort, resourceType);
  const target = path.subAttribute === null ? path.definition : path.subDefinition;
  const order = compareSortKeys(sortKey(a, path, target), sortKey(b, path, target));
  return sort.descending ? -order : order;
}

/**
 * The attribute a sort goes by; of a complex one with a `value` that is it.
 * @throws ScimError 400 invalidValue for a complex attribute without `value`, a hidden one, or what is no path.
 */
export function resolveSortPath({ sortBy }: Sort, resourceType: ResourceType): AttributePath {
  const path = resolveText(sortBy, resourceType);
  const { definition } = path;
  if (path.attribute === null || definition?.returned === 'never') {
    throw invalidValue('Resources cannot be sorted by sortBy. Name an attribute, such as userName.');
  }
  if (path.subAttribute !== null || definition?.type !== 'complex') return path;
  const subDefinition = definition.valueAttribute;
  if (subDefinition === undefined) {
    throw invalidValue(`The attribute ${definition.label} is complex. Sort by one of its sub-attributes.`);
  }
  return { ...path, subAttribute: subDefinition.name, subDefinition };
}

function resolveText(sortBy: string, resourceType: ResourceType): AttributePath {
  try {
    return resolveAttributePath(resourceType, sortBy);
  } catch (error) {
    throw error instanceof ScimError ? invalidValue(error.detail) : error;
  }
}

function sortKey(
  resource: ScimResource,
  path: AttributePath,
  target: Attribute | undefined,
): string | number | undefined {
  const held = readPath(resource, path);
  const value = Array.isArray(held) ? (held.find(isPrimary) ?? held[0]) : held;
  const part = isJsonObject(value) ? readName(value, path.subAttribute ?? 'value', target !== undefined) : value;
  if (typeof part === 'boolean') return Number(part);
  if (typeof part === 'number') return part;
  if (typeof part !== 'string' || part === '') return undefined;
  return target?.type === 'dateTime' ? parseDateTime(part) : foldCase(part, target);
}

function isPrimary(value: JsonValue): boolean {
  return isJsonObject(value) && getOwn(value, 'primary') === true;
}

/**
 * Orders what two resources are sorted by: a missing one last, numbers before text, text by code point.
 * @returns negative when `a` comes first, positive when `b` does, 0 when they are the same.
 */
export function compareSortKeys(a: string | number | undefined, b: string | number | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return typeof a === 'number' ? -1 : 1;
}
