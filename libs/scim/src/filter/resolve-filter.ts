import type { Filter, FilterOperator, FilterValue, ResolvedFilter } from './filter';
import { assertAttributeName, resolveAttributePath } from '../path/resolve-attribute-path';
import type { Attribute, AttributePath, ResourceType } from '../schema/schema';
import { ScimError, invalidFilter } from '../scim-error';
import { parseBoolean } from '../value/parse-boolean';
import { parseDateTime } from '../value/parse-date-time';

/**
 * Binds a filter to a resource type: paths become attributes, literals get the attribute's type (`"True"` becomes true
 * for a boolean), and a complex attribute compared as a whole becomes its `value` sub-attribute.
 *
 * Attributes that no schema knows are kept: a directory may hold them. Inside a value path, paths are relative to the
 * value: `attribute` is the name of a sub-attribute.
 * @throws ScimError 400 invalidFilter for a comparison that the attribute's type does not allow; 403 sensitive for an
 * attribute that is never disclosed.
 */
export function resolveFilter(filter: Filter, resourceType: ResourceType): ResolvedFilter {
  return resolveWith(filter, (text) => resolvePath(resourceType, text));
}

/** Binds the filter of a value path to the attribute before its bracket, as `resolveFilter` does. */
export function resolveValueFilter(filter: Filter, parent: Attribute | undefined): ResolvedFilter {
  return resolveWith(filter, (text) => resolveSubAttribute(parent, text));
}

function resolveWith(filter: Filter, resolve: (text: string) => AttributePath): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, filters: filter.filters.map((part) => resolveWith(part, resolve)) };
    case 'not':
      return { kind: 'not', filter: resolveWith(filter.filter, resolve) };
    case 'present':
      return { kind: 'present', path: assertDisclosed(resolve(filter.path)) };
    case 'valuePath':
      return resolveValuePath(filter.filter, assertDisclosed(resolve(filter.path)));
    case 'compare': {
      const path = pointToValue(assertDisclosed(resolve(filter.path)));
      return {
        kind: 'compare',
        path,
        operator: filter.operator,
        value: coerceLiteral(path, filter.operator, filter.value),
      };
    }
  }
}

function resolvePath(resourceType: ResourceType, text: string): AttributePath {
  try {
    return resolveAttributePath(resourceType, text);
  } catch (error) {
    throw error instanceof ScimError ? invalidFilter(error.detail) : error;
  }
}

function resolveSubAttribute(parent: Attribute | undefined, text: string): AttributePath {
  try {
    assertAttributeName(text, text);
  } catch (error) {
    throw error instanceof ScimError ? invalidFilter(error.detail) : error;
  }
  const definition = subAttributeOf(parent, text);
  return {
    container: null,
    attribute: definition?.name ?? text,
    subAttribute: null,
    definition,
    subDefinition: undefined,
    implied: false,
  };
}

/** A sub-attribute by name; the values of a simple multi-valued attribute are addressed as `value`. */
function subAttributeOf(parent: Attribute | undefined, text: string): Attribute | undefined {
  const known = parent?.subAttributes.get(text.toLowerCase());
  if (known !== undefined || parent === undefined || parent.type === 'complex') return known;
  return text.toLowerCase() === 'value' ? { ...parent, name: 'value', multiValued: false } : undefined;
}

function assertDisclosed(path: AttributePath): AttributePath {
  const hidden = [path.definition, path.subDefinition].find((attribute) => attribute?.returned === 'never');
  if (hidden === undefined) return path;
  throw new ScimError(403, 'sensitive', `The attribute ${hidden.label} is never disclosed. Take it out of the filter.`);
}

function resolveValuePath(filter: Filter, path: AttributePath): ResolvedFilter {
  if (path.attribute === null || path.subAttribute !== null) {
    throw invalidFilter('Brackets may only follow the name of an attribute, as in emails[type eq "work"].');
  }
  return { kind: 'valuePath', path, filter: resolveValueFilter(filter, path.definition) };
}

/** The attribute a comparison looks at: of a complex attribute its `value` (RFC 7644 §3.4.2.2). */
function pointToValue(path: AttributePath): AttributePath {
  if (path.attribute === null) {
    throw invalidFilter(
      'A schema URN cannot be compared. Name an attribute of that schema behind the URN and a colon.',
    );
  }
  const { definition } = path;
  if (path.subAttribute !== null || definition?.type !== 'complex') return path;
  if (definition.valueAttribute === undefined) {
    throw invalidFilter(
      `The attribute ${definition.label} is complex and cannot be compared as a whole. Name a sub-attribute, such as ` +
        `${definition.label}.${firstSubAttribute(definition)}.`,
    );
  }
  return { ...path, subAttribute: definition.valueAttribute.name, subDefinition: definition.valueAttribute };
}

function firstSubAttribute(definition: Attribute): string {
  return [...definition.subAttributes.values()][0]?.name ?? 'value';
}

function coerceLiteral(path: AttributePath, operator: FilterOperator, value: FilterValue): FilterValue {
  const target = path.subAttribute === null ? path.definition : path.subDefinition;
  const label = target?.label ?? path.subAttribute ?? path.attribute ?? '';
  if (value === null) {
    if (operator === 'eq' || operator === 'ne') return null;
    throw invalidFilter(`null can only be compared with eq and ne; ${label} ${operator} null cannot be answered.`);
  }
  switch (target?.type) {
    case 'boolean':
      return coerceBoolean(label, operator, value);
    case 'integer':
    case 'decimal':
      if (typeof value === 'number' && !isTextOperator(operator)) return value;
      throw invalidFilter(`The attribute ${label} is a number: compare it with a number and eq, ne, gt, ge, lt or le.`);
    case 'dateTime':
      return coerceDateTime(label, operator, value);
    case 'binary':
      if (typeof value === 'string' && !isOrderOperator(operator)) return value;
      throw invalidFilter(`The attribute ${label} is binary: compare it with text in double quotes, and not by order.`);
    case 'string':
    case 'reference':
      if (typeof value === 'string') return value;
      throw invalidFilter(`The attribute ${label} is text: put the value in double quotes, as in ${label} eq "…".`);
    default:
      return checkUntyped(label, operator, value);
  }
}

/** An attribute that no schema knows takes any literal that the operator can compare. */
function checkUntyped(label: string, operator: FilterOperator, value: string | number | boolean): FilterValue {
  if (typeof value === 'string') return value;
  if (isTextOperator(operator)) {
    throw invalidFilter(`co, sw and ew compare text: put the value behind ${label} in double quotes.`);
  }
  if (typeof value === 'boolean' && isOrderOperator(operator)) {
    throw invalidFilter(`true and false have no order: compare ${label} with eq or ne.`);
  }
  return value;
}

function coerceBoolean(label: string, operator: FilterOperator, value: string | number | boolean): boolean {
  const boolean = parseBoolean(value);
  if (boolean !== undefined && (operator === 'eq' || operator === 'ne')) return boolean;
  throw invalidFilter(`The attribute ${label} is true or false: compare it as in ${label} eq true.`);
}

function coerceDateTime(label: string, operator: FilterOperator, value: string | number | boolean): string {
  if (typeof value === 'string' && (isTextOperator(operator) || parseDateTime(value) !== undefined)) return value;
  throw invalidFilter(`The attribute ${label} is a time: compare it as in ${label} gt "2026-01-31T00:00:00Z".`);
}

function isTextOperator(operator: FilterOperator): boolean {
  return operator === 'co' || operator === 'sw' || operator === 'ew';
}

function isOrderOperator(operator: FilterOperator): boolean {
  return operator === 'gt' || operator === 'ge' || operator === 'lt' || operator === 'le';
}
