import { toUSVString } from 'node:util';
import { isBareId } from '@rollcall/platform';

/** What stands in the request log for a value that it does not keep. */
export const REDACTED = '[redacted]';

/** Longer texts are cut: the log says what was asked, and is no place to keep it. */
const TEXT_MAX = 500;

/** U+0000 and half surrogate pairs. */
const EACH_UNSTORABLE = /[\0\p{Surrogate}]/gu;

/** A text as PostgreSQL can store it, of at most `max` characters. */
export function storable(text: string, max: number = TEXT_MAX): string {
  const short = text.length > max ? text.slice(0, max) : text;
  return toUSVString(short) === short && !short.includes('\0') ? short : short.replaceAll(EACH_UNSTORABLE, '');
}

/** The value behind an operator of a filter (RFC 7644 §3.4.2.2): a text, or what stands there up to the next blank or bracket. */
const COMPARED = /(\s(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)("(?:[^"\\]|\\.)*"?|[^\s()[\]]+)/gi;
const WORDS = new Set(['true', 'false', 'null', '"work"', '"home"', '"other"', '"mobile"', '"fax"', '"pager"']);
/** A part of a filter or path without its values: an attribute, or one with its operator. */
const PART = /^[\w.:$-]{1,150}(?:\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr))?$/i;
const HAS_OPERATOR = /\s(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)(?![\w"])/i;

/** A filter without the values that it compares with; ids of our own and the usual types of values stay. */
export function redactFilter(text: string): string {
  return HAS_OPERATOR.test(text) ? redactAttributePath(text) : REDACTED;
}

/** The same of an attribute path, which may have a filter in it (RFC 7644 §3.5.2). What is neither is left out as a whole. */
export function redactAttributePath(text: string): string {
  if (text.length > TEXT_MAX) return REDACTED;
  const rest = text.replace(COMPARED, (_, operator: string) => operator);
  const parts = rest.split(/[()[\]]|\s(?:and|or)\s|\bnot\s/i).map((part) => part.trim());
  if (!parts.every((part) => part === '' || PART.test(part))) return REDACTED;
  return text.replace(COMPARED, (_, operator: string, value: string) => operator + redactCompared(value));
}

function redactCompared(value: string): string {
  return WORDS.has(value.toLowerCase()) || isQuotedId(value) ? value : `"${REDACTED}"`;
}

function isQuotedId(text: string): boolean {
  return text.startsWith('"') && text.endsWith('"') && isBareId(text.slice(1, -1));
}

/** What a refusal quotes of a request, unless it is a word such as the name of an attribute; and whatever looks like an address. */
export function redactDetail(detail: string): string {
  return storable(detail, 2_000)
    .replace(/"([^"]*)"/g, (quoted, text: string) => (/^[\w.:$-]{1,80}$/.test(text) ? quoted : `"${REDACTED}"`))
    .replace(/[^\s"]+@[^\s"]+/g, REDACTED);
}
