import type { FilterValue } from './filter';
import { assertStorableText } from '../value/assert-storable-text';
import { invalidFilter } from '../scim-error';
import type { ScimError } from '../scim-error';

/** A position in a filter or a PATCH path, with what limits its size. */
export interface FilterCursor {
  readonly text: string;
  position: number;
  depth: number;
  terms: number;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** The code of the character at the cursor, or NaN at the end. */
export function peek(cursor: FilterCursor): number {
  return cursor.text.charCodeAt(cursor.position);
}

/** Skips spaces and tells how many there were: identity providers send double ones. */
export function skipSpaces(cursor: FilterCursor): number {
  const start = cursor.position;
  while (isSpace(peek(cursor))) cursor.position++;
  return cursor.position - start;
}

/** Whether a character separates words. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** Reads the characters an attribute path may have; may give ''. */
export function readPathText(cursor: FilterCursor): string {
  const start = cursor.position;
  while (isPathCharacter(peek(cursor))) cursor.position++;
  return cursor.text.slice(start, cursor.position);
}

/** Letters, digits and `$ - . / : _`: attribute names, sub-attributes and URNs, `http:` ones included. */
function isPathCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 45 && code <= 58) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code === 36
  );
}

/** Reads a run of letters; may give ''. */
export function readWord(cursor: FilterCursor): string {
  const start = cursor.position;
  while (isLetter(peek(cursor))) cursor.position++;
  return cursor.text.slice(start, cursor.position);
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Reads a literal: a JSON string or number, true, false or null. */
export function readLiteral(cursor: FilterCursor): FilterValue {
  const code = peek(cursor);
  if (code === QUOTE) return readString(cursor);
  if (isLetter(code)) return readKeyword(cursor);
  return readNumber(cursor);
}

function readString(cursor: FilterCursor): string {
  const start = cursor.position;
  let plain = true;
  for (let end = start + 1; end < cursor.text.length; end++) {
    const code = cursor.text.charCodeAt(end);
    if (code === QUOTE) {
      cursor.position = end + 1;
      const text = plain ? cursor.text.slice(start + 1, end) : unescapeString(cursor, start);
      assertStorableText(text, () => fail(cursor, 'a value without control character U+0000 or half a surrogate pair'));
      return text;
    }
    if (code === BACKSLASH) {
      plain = false;
      end++;
    } else if (code < 32) plain = false;
  }
  throw fail(cursor, 'a closing quote');
}

function unescapeString(cursor: FilterCursor, start: number): string {
  try {
    return JSON.parse(cursor.text.slice(start, cursor.position)) as string;
  } catch {
    throw fail(cursor, 'a string escaped as in JSON');
  }
}

function readKeyword(cursor: FilterCursor): FilterValue {
  const start = cursor.position;
  switch (readWord(cursor).toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      cursor.position = start;
      throw fail(cursor, 'a value: text in double quotes, a number, true, false or null');
  }
}

function readNumber(cursor: FilterCursor): number {
  const start = cursor.position;
  while (isNumberCharacter(peek(cursor))) cursor.position++;
  const number = parseNumber(cursor.text.slice(start, cursor.position));
  if (number !== undefined) return number;
  cursor.position = start;
  throw fail(cursor, 'a value: text in double quotes, a number, true, false or null');
}

function isNumberCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
}

function parseNumber(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal of a filter that lacks something at the cursor. */
export function fail(cursor: FilterCursor, expected: string): ScimError {
  const found = cursor.position >= cursor.text.length ? 'it ends there' : 'found something else';
  return invalidFilter(
    `The filter is not valid at character ${cursor.position + 1}: expected ${expected}, ${found}. ` +
      'Write it as in RFC 7644 §3.4.2.2, for example: userName eq "bjensen".',
  );
}
