import { isJsonObject, readMember } from './read-values';
import type { JsonObject } from './read-values';

interface Segment {
  name: string;
  /** Of a value path: sub-attributes and the values they must all have; null without a filter. */
  filter: readonly FilterTerm[] | null;
}

interface FilterTerm {
  name: string;
  value: unknown;
}

const CORE_URN = 'urn:ietf:params:scim:schemas:core:2.0:User:';
const LONGEST_PATH = 512;
const SEGMENT = /^([^.[\]\s]+)(?:\[([^\]]*)\])?(?:\.(?=.)|$)/;
const FILTER_TERM = /^\s*([\w$-]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false|-?\d+(?:\.\d+)?)\s*(and\b|$)/i;

/**
 * Reads the value at a SCIM attribute path (RFC 7644 §3.10): `title`, `name.givenName`, `emails[type eq "work"].value`,
 * each also behind a schema URN, or the URN of an extension alone for the whole container. Names match in any case. A
 * path through a multi-valued attribute gives the list of values; with a filter, the value of the first element that
 * matches.
 * @returns undefined when there is nothing, or when the text is no path (see `isAttributePath`)
 */
export function readAttribute(resource: JsonObject, path: string): unknown {
  const { container, rest } = enterContainer(resource, path.trim());
  if (rest === null) return container;
  return parseSegments(rest)?.reduce<unknown>(readSegment, container);
}

/** Whether a text can be read as an attribute path. Behind a URN only the form counts: any extension may arrive. */
export function isAttributePath(path: string): boolean {
  const text = path.trim();
  if (!isUrn(text)) return parseSegments(text) !== null;
  const attribute = text.slice(text.search(/:[^:[\]]*(\[|$)/) + 1);
  return parseSegments(attribute) !== null;
}

/**
 * Splits off the schema URN. A URN contains dots and colons, so it is found by the containers that the resource has.
 * @returns `rest` null when the path is the URN of a container and nothing more
 */
function enterContainer(resource: JsonObject, path: string): { container: unknown; rest: string | null } {
  if (!isUrn(path)) return { container: resource, rest: path };
  if (startsWith(path, CORE_URN)) return { container: resource, rest: path.slice(CORE_URN.length) };
  const urn = Object.keys(resource)
    .filter((key) => isUrn(key) && startsWith(`${path}:`, `${key}:`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (urn === undefined) return { container: undefined, rest: null };
  return { container: resource[urn], rest: path.length === urn.length ? null : path.slice(urn.length + 1) };
}

function parseSegments(path: string): Segment[] | null {
  if (path === '' || path.length > LONGEST_PATH) return null;
  const segments: Segment[] = [];
  let rest = path;
  while (rest !== '') {
    const match = SEGMENT.exec(rest);
    const filter = match?.[2] === undefined ? null : parseFilter(match[2]);
    if (!match?.[1] || (match[2] !== undefined && filter === null)) return null;
    segments.push({ name: match[1], filter });
    rest = rest.slice(match[0].length);
  }
  return segments;
}

function parseFilter(text: string): FilterTerm[] | null {
  const terms: FilterTerm[] = [];
  let rest = text;
  do {
    const match = FILTER_TERM.exec(rest);
    const value = match?.[2] && parseLiteral(match[2]);
    if (!match?.[1] || value === undefined) return null;
    terms.push({ name: match[1], value });
    rest = rest.slice(match[0].length);
    if (match[3] === '') return terms;
  } while (rest !== '');
  return null;
}

function parseLiteral(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('"') ? text : text.toLowerCase());
  } catch {
    return undefined;
  }
}

function readSegment(value: unknown, { name, filter }: Segment): unknown {
  if (Array.isArray(value)) {
    const read = value.map((item: unknown) => readSegment(item, { name, filter })).filter((item) => item !== undefined);
    return read.length === 0 ? undefined : read;
  }
  const member = isJsonObject(value) ? readMember(value, name) : undefined;
  if (filter === null || member === undefined) return member;
  const elements: unknown[] = Array.isArray(member) ? member : [member];
  return elements.find((element) => isJsonObject(element) && filter.every((term) => matches(element, term)));
}

function matches(element: JsonObject, { name, value }: FilterTerm): boolean {
  const actual = readMember(element, name);
  // Types such as "work" are matched in any case, as RFC 7643 §4.1.2 defines them not to be caseExact.
  return typeof actual === 'string' && typeof value === 'string'
    ? actual.toLowerCase() === value.toLowerCase()
    : actual === value;
}

function isUrn(text: string): boolean {
  return startsWith(text, 'urn:');
}

function startsWith(text: string, prefix: string): boolean {
  return text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
}
