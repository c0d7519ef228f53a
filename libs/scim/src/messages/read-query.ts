import { invalidValue } from '../scim-error';

/** The parameters of a query, by their RFC names; from a URL they are text, from a search message JSON values. */
export type QueryParameters = Record<string, unknown>;

/**
 * A parameter as text; undefined when absent or blank.
 * @throws ScimError 400 invalidValue when it is given twice or is no text.
 */
export function readText(query: QueryParameters, name: string): string | undefined {
  const value = readParameter(query, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw invalidValue(`The parameter ${name} is not a single text. Send it once, as text.`);
  const text = value.trim();
  return text === '' ? undefined : text;
}

/**
 * A parameter as a whole number; undefined when absent or blank.
 * @throws ScimError 400 invalidValue.
 */
export function readInteger(query: QueryParameters, name: string): number | undefined {
  const value = readParameter(query, name);
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value.trim() : '?';
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text))
    throw invalidValue(`The parameter ${name} is not a whole number. Send one, such as 100.`);
  return Number(text);
}

/**
 * A parameter that lists names: comma-separated text, or an array of texts as in a search message.
 * @throws ScimError 400 invalidValue.
 */
export function readNames(query: QueryParameters, name: string): string[] | undefined {
  const value = readParameter(query, name);
  if (value === undefined || value === null) return undefined;
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const names = parts.flatMap((part) => {
    if (typeof part === 'string') return part.split(',');
    throw invalidValue(`The parameter ${name} is not a list of attribute names. Send them separated by commas.`);
  });
  const given = names.map((text) => text.trim()).filter((text) => text !== '');
  return given.length === 0 ? undefined : given;
}

/** A parameter by name; the exact case wins, any other is accepted. */
export function readParameter(query: QueryParameters, name: string): unknown {
  if (Object.hasOwn(query, name)) return query[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(query).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : query[key];
}
