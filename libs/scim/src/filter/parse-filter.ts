import type { Filter, FilterOperator } from './filter';
import { fail, isSpace, peek, readLiteral, readPathText, readWord, skipSpaces } from './filter-cursor';
import type { FilterCursor } from './filter-cursor';
import { invalidFilter } from '../scim-error';

export const FILTER_LENGTH_MAX = 4096;
export const FILTER_DEPTH_MAX = 32;
export const FILTER_TERMS_MAX = 100;

const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const DOT = 46;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);

/**
 * Parses a filter (RFC 7644 §3.4.2.2) into its AST. Precedence: grouping, `not`, `and`, `or`; keywords in any case.
 *
 * `emails[type eq "work"].value eq "x"`, which Entra sends though the grammar has no such form, is read as
 * `emails[type eq "work" and value eq "x"]`.
 * @throws ScimError 400 invalidFilter for a malformed filter, one longer than 4,096 characters, deeper than 32 levels or
 * with more than 100 comparisons.
 */
export function parseFilter(text: string): Filter {
  const cursor = startCursor(text);
  const filter = parseOr(cursor, false);
  if (cursor.position < text.length) throw fail(cursor, '"and", "or" or the end');
  return filter;
}

/** A cursor at the start of a text of bounded length. */
export function startCursor(text: string): FilterCursor {
  if (text.length > FILTER_LENGTH_MAX) {
    throw invalidFilter(`The filter is longer than ${FILTER_LENGTH_MAX} characters. Send a shorter one.`);
  }
  return { text, position: 0, depth: 0, terms: 0 };
}

/** Parses up to the end, `)` or `]`; `inner` = inside a value path, where no further value path may stand. */
export function parseOr(cursor: FilterCursor, inner: boolean): Filter {
  if (++cursor.depth > FILTER_DEPTH_MAX) {
    throw invalidFilter(`The filter is nested deeper than ${FILTER_DEPTH_MAX} levels. Send a flatter one.`);
  }
  const filters = [parseAnd(cursor, inner)];
  while (readConnective(cursor, 'or')) filters.push(parseAnd(cursor, inner));
  cursor.depth--;
  return join('or', filters);
}

function parseAnd(cursor: FilterCursor, inner: boolean): Filter {
  const filters = [parseUnary(cursor, inner)];
  while (readConnective(cursor, 'and')) filters.push(parseUnary(cursor, inner));
  return join('and', filters);
}

/** Reads `and` or `or` when it is the next word; a space or a bracket must stand on either side of it. */
function readConnective(cursor: FilterCursor, word: 'and' | 'or'): boolean {
  skipSpaces(cursor);
  const begin = cursor.position;
  if (readWord(cursor).toLowerCase() !== word) {
    cursor.position = begin;
    return false;
  }
  const separated = isSeparator(cursor.text.charCodeAt(begin - 1));
  const followed = skipSpaces(cursor) > 0 || peek(cursor) === OPEN_PARENTHESIS;
  if (!separated || !followed) throw fail(cursor, `a space around "${word}"`);
  return true;
}

function isSeparator(code: number): boolean {
  return code === CLOSE_PARENTHESIS || code === CLOSE_BRACKET || isSpace(code);
}

/** One filter, or the joint of several with those of its own kind taken in. */
function join(kind: 'and' | 'or', filters: Filter[]): Filter {
  const [first] = filters;
  if (filters.length === 1 && first !== undefined) return first;
  return { kind, filters: filters.flatMap((filter) => (filter.kind === kind ? filter.filters : [filter])) };
}

function parseUnary(cursor: FilterCursor, inner: boolean): Filter {
  skipSpaces(cursor);
  if (peek(cursor) === OPEN_PARENTHESIS) return parseGroup(cursor, inner);
  const start = cursor.position;
  const path = readPathText(cursor);
  if (path.length === 3 && path.toLowerCase() === 'not') {
    skipSpaces(cursor);
    if (peek(cursor) === OPEN_PARENTHESIS) return { kind: 'not', filter: parseGroup(cursor, inner) };
    cursor.position = start + path.length;
  }
  if (path === '') throw fail(cursor, 'an attribute name');
  if (peek(cursor) === OPEN_BRACKET && !inner) return parseValuePath(cursor, path);
  return parseComparison(cursor, path);
}

function parseGroup(cursor: FilterCursor, inner: boolean): Filter {
  cursor.position++;
  const filter = parseOr(cursor, inner);
  if (peek(cursor) !== CLOSE_PARENTHESIS) throw fail(cursor, 'a closing parenthesis');
  cursor.position++;
  return filter;
}

function parseValuePath(cursor: FilterCursor, path: string): Filter {
  const filter = parseBrackets(cursor);
  if (peek(cursor) !== DOT) return { kind: 'valuePath', path, filter };
  cursor.position++;
  const subAttribute = readPathText(cursor);
  if (subAttribute === '') throw fail(cursor, 'a sub-attribute name');
  const comparison = parseComparison(cursor, subAttribute);
  return { kind: 'valuePath', path, filter: join('and', [filter, comparison]) };
}

/** Parses the filter of a value path, from its `[` to behind its `]`. */
export function parseBrackets(cursor: FilterCursor): Filter {
  cursor.position++;
  const filter = parseOr(cursor, true);
  if (peek(cursor) !== CLOSE_BRACKET) throw fail(cursor, 'a closing bracket');
  cursor.position++;
  return filter;
}

function parseComparison(cursor: FilterCursor, path: string): Filter {
  if (++cursor.terms > FILTER_TERMS_MAX) {
    throw invalidFilter(`The filter has more than ${FILTER_TERMS_MAX} comparisons. Split it into several requests.`);
  }
  if (skipSpaces(cursor) === 0) throw fail(cursor, 'a space and an operator');
  const start = cursor.position;
  const operator = readWord(cursor).toLowerCase();
  if (operator === 'pr') return { kind: 'present', path };
  if (!isOperator(operator)) {
    cursor.position = start;
    throw fail(cursor, 'an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr');
  }
  if (skipSpaces(cursor) === 0) throw fail(cursor, 'a space and a value');
  return { kind: 'compare', path, operator, value: readLiteral(cursor) };
}

function isOperator(word: string): word is FilterOperator {
  return OPERATORS.has(word);
}
