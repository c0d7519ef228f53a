import { foldText } from '@rollcall/scim';
import type { FilterOf, ResolvedFilter } from '@rollcall/scim';
import { compareColumn, compareValue } from './compare-to-sql';
import { columnKey, isSingleValued, referenceSql, singleSql, targetOf, valuesFrom } from './path-to-sql';
import type { SqlScope } from './path-to-sql';

type Part<Kind extends ResolvedFilter['kind']> = Extract<ResolvedFilter, { kind: Kind }>;
type Compare = Part<'compare'>;
type Present = Part<'present'>;
type ValuePath = Part<'valuePath'>;

/**
 * Turns a resolved filter into a SQL condition that decides as `matchesFilter` does in memory. Literals and attribute names
 * are always bound as parameters. Attributes with a column or rows of their own are compared there, so that an index can serve.
 */
export function filterToSql(filter: ResolvedFilter, scope: SqlScope): string {
  return toSql(filter, scope, false);
}

/** `exact`: the condition must be false and not null where it does not hold, because it gets negated. */
function toSql(filter: ResolvedFilter, scope: SqlScope, exact: boolean): string {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts: FilterOf<Compare['path']>[] = filter.filters;
      return `(${parts.map((part) => toSql(part, scope, exact)).join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `NOT ${toSql(filter.filter, scope, true)}`;
    case 'present':
      return presentSql(filter, scope);
    case 'compare':
      return compareSql(filter, scope, exact);
    case 'valuePath':
      return valuePathSql(filter, scope, exact);
  }
}

function presentSql({ path }: Present, scope: SqlScope): string {
  const key = columnKey(path);
  const column = key === undefined ? undefined : scope.table?.columns.get(key);
  if (column?.kind === 'text') return `coalesce(${column.sql} <> '', false)`;
  if (column !== undefined) return 'true';
  if (path.attribute === null || isSingleValued(path)) return isPresent(singleSql(path, scope));
  return `EXISTS (SELECT 1 FROM ${valuesFrom(path, scope)} WHERE ${isPresent('v.value')})`;
}

/** RFC 7643 §2.5: null and what is empty count as unassigned. */
function isPresent(value: string): string {
  return `coalesce(${value} NOT IN ('null', '""', '{}', '[]'), false)`;
}

function compareSql({ path, operator, value: literal }: Compare, scope: SqlScope, exact: boolean): string {
  if (literal === null) {
    const present = presentSql({ kind: 'present', path }, scope);
    return operator === 'ne' ? present : `NOT ${present}`;
  }
  const comparison = { operator, literal };
  const key = columnKey(path);
  const column = key === undefined ? undefined : scope.table?.columns.get(key);
  if (column !== undefined && (column.kind !== 'time' || !['co', 'sw', 'ew'].includes(operator))) {
    const compared = compareColumn(column, comparison, scope);
    return exact && column.kind === 'text' && column.nullable ? `coalesce(${compared}, false)` : `(${compared})`;
  }
  if (operator === 'eq' && path.container === null && path.subAttribute === 'value') {
    const rows = rowsSql(path.attribute, literal, scope);
    if (rows !== null) return rows;
  }
  const target = targetOf(path);
  if (isSingleValued(path)) return compareValue(singleSql(path, scope), target, comparison, scope);
  const from = valuesFrom(path, scope);
  const some = `EXISTS (SELECT 1 FROM ${from} WHERE ${compareValue('v.value', target, comparison, scope)})`;
  return operator === 'ne' ? `(${some} OR NOT EXISTS (SELECT 1 FROM ${from}))` : some;
}

/** The condition that a multi-valued attribute has this value, where its values are rows; otherwise null. */
function rowsSql(attribute: string | null, literal: unknown, scope: SqlScope): string | null {
  const rows = attribute === null ? undefined : scope.table?.valueRows.get(attribute);
  if (rows === undefined || typeof literal !== 'string') return null;
  return rows.condition(`${scope.bind(rows.folded ? foldText(literal) : literal)}::text`);
}

/** One value that fulfils the whole inner filter. Where it must have a certain `value`, the rows are looked up first. */
function valuePathSql({ path, filter }: ValuePath, scope: SqlScope, exact: boolean): string {
  const known = path.container === null && path.definition !== undefined;
  const rows = known ? rowsSql(path.attribute, requiredValue(filter), scope) : null;
  if (rows !== null && filter.kind === 'compare') return rows;
  const element = `CASE WHEN jsonb_typeof(v.value) = 'object' THEN v.value ELSE jsonb_build_object('value', v.value) END`;
  const reference = referenceSql(path, scope);
  const inner = toSql(filter, { ...scope, table: null, source: 'w.value', reference }, exact);
  const some = `EXISTS (SELECT 1 FROM ${valuesFrom(path, scope)}, LATERAL (SELECT ${element} AS value) w WHERE ${inner})`;
  return rows === null ? some : `(${rows} AND ${some})`;
}

/** The literal that `value` must equal for the filter to hold, if there is one. */
function requiredValue(filter: ResolvedFilter): unknown {
  if (filter.kind === 'and') return filter.filters.map(requiredValue).find((value) => value !== undefined);
  const isValue = filter.kind === 'compare' && filter.operator === 'eq' && filter.path.attribute === 'value';
  return isValue ? filter.value : undefined;
}
