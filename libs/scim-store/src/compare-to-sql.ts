import type { Attribute, FilterOperator } from '@rollcall/scim';
import { FOLDED_BYTES_MAX, foldText, parseDateTime, WIDTHS } from '@rollcall/scim';
import { namedSql } from './path-to-sql';
import type { SqlScope } from './path-to-sql';
import type { Column } from './resource-table';

const ORDER: Record<string, string> = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' };

/** A comparison with a literal other than null. */
export interface Comparison {
  operator: FilterOperator;
  literal: string | number | boolean;
}

/** Compares a column with a literal. Null when the column is null, but for `ne`, which holds then. */
export function compareColumn(column: Column, { operator, literal }: Comparison, scope: SqlScope): string {
  if (column.kind === 'boolean') return `${column.sql} ${ORDER[operator]} ${scope.bind(literal)}::boolean`;
  if (column.kind === 'time') return `${column.sql} ${ORDER[operator]} ${bindTime(String(literal), scope)}`;
  const text = column.folded ? foldText(String(literal)) : String(literal);
  const key = `${scope.bind(text)}::text`;
  if (operator === 'ne' && column.nullable) return `${column.sql} IS DISTINCT FROM ${key}`;
  const compared = compareText(column.sql, operator, key);
  // starts_with alone could not use the index; no text that begins with the key lies behind the key and the last code point.
  const isWithin = `${column.sql} >= ${key} AND ${column.sql} <= ${key} || chr(1114111)`;
  return operator === 'sw' ? `(${isWithin} AND ${compared})` : compared;
}

/** Compares one jsonb value (an expression, possibly null) with a literal; never null. A value of another type only is `ne`. */
export function compareValue(
  value: string,
  target: Attribute | undefined,
  { operator, literal }: Comparison,
  scope: SqlScope,
): string {
  const otherwise = operator === 'ne' ? 'true' : 'false';
  // Of an object that no schema describes, its `value` stands for the whole.
  const whole =
    target === undefined
      ? `(CASE WHEN jsonb_typeof(${value}) = 'object' THEN ${namedSql(value, 'value', false, scope)} ELSE ${value} END)`
      : value;
  if (typeof literal === 'boolean') {
    const distinct = operator === 'eq' ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM';
    return `${whole} ${distinct} to_jsonb(${scope.bind(literal)}::boolean)`;
  }
  if (typeof literal === 'number') {
    const compared = `(${whole})::float8 ${ORDER[operator]} ${scope.bind(literal)}::float8`;
    return `(CASE WHEN jsonb_typeof(${whole}) = 'number' THEN ${compared} ELSE ${otherwise} END)`;
  }
  const compared = compareTextValue(`(${whole} #>> '{}')`, target, operator, literal, scope);
  return `(CASE WHEN jsonb_typeof(${whole}) = 'string' THEN ${compared} ELSE ${otherwise} END)`;
}

function compareTextValue(
  text: string,
  target: Attribute | undefined,
  operator: FilterOperator,
  literal: string,
  scope: SqlScope,
): string {
  if (target?.type === 'dateTime' && operator in ORDER) {
    return `${text}::timestamptz ${ORDER[operator]} ${bindTime(literal, scope)}`;
  }
  if (target?.caseExact === true) return compareText(`${text} COLLATE "C"`, operator, `${scope.bind(literal)}::text`);
  return compareText(foldSql(text, scope), operator, `${scope.bind(foldText(literal))}::text`);
}

/** Text folded as `foldText` folds it, compared by code point. */
export function foldSql(text: string, scope: SqlScope): string {
  const [from, to, bytesMax] = [scope.bind(WIDTHS.from), scope.bind(WIDTHS.to), scope.bind(FOLDED_BYTES_MAX)];
  return `scim_fold_text(${text}, ${from}::text, ${to}::text, ${bytesMax}::integer) COLLATE "C"`;
}

function compareText(left: string, operator: FilterOperator, right: string): string {
  switch (operator) {
    case 'co':
      return `strpos(${left}, ${right}) > 0`;
    case 'sw':
      return `starts_with(${left}, ${right})`;
    case 'ew':
      return `right(${left}, char_length(${right})) = ${right}`;
    default:
      return `${left} ${ORDER[operator]} ${right}`;
  }
}

/** A time literal; parseFilter has made sure that it is one. */
function bindTime(literal: string, scope: SqlScope): string {
  return `${scope.bind(new Date(parseDateTime(literal) ?? 0).toISOString())}::timestamptz`;
}
