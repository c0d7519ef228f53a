import type { Filter } from '../filter/filter';
import { parseFilter } from '../filter/parse-filter';
import { parseProjection } from '../projection/parse-projection';
import type { Projection } from '../projection/parse-projection';
import { ScimError, invalidFilter } from '../scim-error';
import { parseSort } from '../sort/parse-sort';
import type { Sort } from '../sort/parse-sort';
import { readInteger, readParameter, readText } from './read-query';
import type { QueryParameters } from './read-query';

/** Resources on a page when the client does not say. */
export const DEFAULT_COUNT = 100;
/** Resources on a page at most, published as `filter.maxResults`. */
export const MAX_COUNT = 500;

/** What a list or search request asks for (RFC 7644 §3.4.2). */
export interface ListQuery {
  filter?: Filter;
  sort?: Sort;
  /** 1-based number of the first resource. */
  startIndex: number;
  /** Resources on the page at most, 0 to 500; with 0 only the total is asked for. */
  count: number;
  projection: Projection;
}

/**
 * Reads the parameters of a list request (RFC 7644 §3.4.2): a `startIndex` below 1 is 1, a negative `count` is 0, one
 * above 500 is 500. Other parameters are ignored; RFC 9865's `cursor` is the caller's, as its meaning depends on the store.
 * @throws ScimError 400 invalidFilter, also for an empty filter, which must not list everything; 400 invalidValue, and 400
 * invalidCount for a `count` beside a `cursor` (RFC 9865 §2.1).
 */
export function parseListQuery(query: QueryParameters): ListQuery {
  const filter = readFilter(query);
  const sort = parseSort(query);
  const count = readCount(query) ?? DEFAULT_COUNT;
  const startIndex = readInteger(query, 'startIndex') ?? 1;
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    startIndex: Math.min(Math.max(startIndex, 1), Number.MAX_SAFE_INTEGER),
    count: Math.min(Math.max(count, 0), MAX_COUNT),
    projection: parseProjection(query),
  };
}

function readFilter(query: QueryParameters): Filter | undefined {
  const raw = readParameter(query, 'filter');
  if (raw === undefined || raw === null) return undefined;
  const text = readText(query, 'filter');
  if (text === undefined) throw invalidFilter('The filter is empty. Send one such as userName eq "bjensen", or none.');
  return parseFilter(text);
}

function readCount(query: QueryParameters): number | undefined {
  try {
    return readInteger(query, 'count');
  } catch (error) {
    const byCursor = (readParameter(query, 'cursor') ?? null) !== null;
    throw byCursor && error instanceof ScimError ? new ScimError(400, 'invalidCount', error.detail) : error;
  }
}
