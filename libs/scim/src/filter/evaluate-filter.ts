import type { Filter, FilterOperator, FilterValue, ResolvedFilter } from './filter';
import { resolveFilter } from './resolve-filter';
import { isJsonObject } from '../json';
import type { JsonObject, JsonValue, ScimResource } from '../json';
import { readName, readPath, readSubAttribute } from '../path/resolve-attribute-path';
import type { Attribute, AttributePath, ResourceType } from '../schema/schema';
import { foldText } from '../value/fold-text';
import { parseDateTime } from '../value/parse-date-time';

/**
 * Whether a resource fulfils a filter (RFC 7644 §3.4.2.2).
 * @throws ScimError as `resolveFilter`.
 */
export function evaluateFilter(filter: Filter, resource: ScimResource, resourceType: ResourceType): boolean {
  return matchesFilter(resolveFilter(filter, resourceType), resource);
}

/**
 * Whether a resource (or, for the filter of a value path, one value) fulfils a resolved filter.
 *
 * Of several values one that matches is enough. `pr` is false for '', [] and {}; `eq null` is its opposite; `ne` holds
 * for an absent attribute, every other operator does not; `not` is plain negation.
 */
export function matchesFilter(filter: ResolvedFilter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => matchesFilter(part, resource));
    case 'or':
      return filter.filters.some((part) => matchesFilter(part, resource));
    case 'not':
      return !matchesFilter(filter.filter, resource);
    case 'present':
      return readValues(resource, filter.path).some(isPresent);
    case 'compare':
      return compare(readValues(resource, filter.path), filter.path, filter.operator, filter.value);
    case 'valuePath':
      return readValues(resource, filter.path).some((value) => matchesValue(filter.filter, value));
  }
}

/** Whether one value of an attribute fulfils the filter of a value path; a bare value is addressed as `value`. */
export function matchesValue(filter: ResolvedFilter, value: JsonValue): boolean {
  return matchesFilter(filter, isJsonObject(value) ? value : { value });
}

/** The values at a path, several when the attribute is multi-valued, none when unassigned. */
function readValues(resource: JsonObject, path: AttributePath): JsonValue[] {
  const held = readPath(resource, path);
  if (held === undefined || held === null) return [];
  const values = Array.isArray(held) ? held : [held];
  const { subAttribute } = path;
  if (subAttribute === null) return values;
  return values.flatMap((value) => readSubAttribute(value, subAttribute, path.subDefinition !== undefined) ?? []);
}

/** Whether a value counts as assigned (RFC 7643 §2.5): not null, not empty. */
export function isPresent(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function compare(values: JsonValue[], path: AttributePath, operator: FilterOperator, literal: FilterValue): boolean {
  if (literal === null) return values.some(isPresent) === (operator === 'ne');
  if (values.length === 0) return operator === 'ne';
  const target = path.subAttribute === null ? path.definition : path.subDefinition;
  return values.some((value) => compareOne(wholeValue(value), operator, literal, target));
}

/** What stands for a value that no schema describes: of an object its `value`. */
function wholeValue(value: JsonValue): JsonValue | undefined {
  return isJsonObject(value) ? readName(value, 'value', false) : value;
}

function compareOne(
  value: JsonValue | undefined,
  operator: FilterOperator,
  literal: string | number | boolean,
  target: Attribute | undefined,
): boolean {
  if (typeof value !== typeof literal) return operator === 'ne';
  if (typeof value === 'string' && typeof literal === 'string') return compareText(value, operator, literal, target);
  if (typeof value === 'number' && typeof literal === 'number') return compareOrder(value - literal, operator);
  return (value === literal) === (operator === 'eq');
}

function compareText(value: string, operator: FilterOperator, literal: string, target: Attribute | undefined): boolean {
  if (target?.type === 'dateTime' && operator !== 'co' && operator !== 'sw' && operator !== 'ew') {
    const time = parseDateTime(value);
    return time === undefined ? operator === 'ne' : compareOrder(time - (parseDateTime(literal) ?? 0), operator);
  }
  const left = foldCase(value, target);
  const right = foldCase(literal, target);
  if (operator === 'co') return left.includes(right);
  if (operator === 'sw') return left.startsWith(right);
  if (operator === 'ew') return left.endsWith(right);
  return compareOrder(left < right ? -1 : left > right ? 1 : 0, operator);
}

/** Text as it is compared: only an attribute declared caseExact tells cases apart (RFC 7643 §2.2). */
export function foldCase(text: string, attribute: Attribute | undefined): string {
  return attribute?.caseExact === true ? text : foldText(text);
}

function compareOrder(difference: number, operator: FilterOperator): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    default:
      return false;
  }
}
