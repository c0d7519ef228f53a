import type { PoolClient } from 'pg';
import type { AttributePath, ResolvedFilter } from '@rollcall/scim';
import { sqlState, textualJson } from '@rollcall/database';
import type { AdmittedCalls } from './admitted-calls';
import { filterToSql } from './filter-to-sql';
import type { SqlScope } from './path-to-sql';
import { behindSql, boundKeys, placeSql } from './place-to-sql';
import type { SearchPlace } from './place-to-sql';
import { priceSearch, refuseDearSearch, scanMilliseconds, searchTooDear } from './price-search';
import type { ResourceTable } from './resource-table';
import { sortToSql } from './sort-to-sql';
import type { SortKey } from './sort-to-sql';
import { PAGE_BYTES, readPage } from './stored-resource';
import type { PageRow, StoredPage } from './stored-resource';

/** A search: which resources, in which order, which page of them. */
export interface ResourceSearch {
  filter?: ResolvedFilter;
  sort?: { path: AttributePath; descending: boolean };
  offset: number;
  /**
   * By cursor: the place behind which the page is, null = before the first. Each resource then tells its own, and of long texts
   * only the beginning counts for the order. Page after page, who stays in the result comes exactly once, whatever happens to
   * others; who changes in what is sorted by comes where its value is when it is read.
   */
  behind?: SearchPlace | null;
  limit: number;
  withReferences: boolean;
  /** Where the resources are served, as filters on their URLs know it; absent: URLs are relative. */
  baseUrl?: string;
}

/** A search that takes longer is ended by PostgreSQL. Less than any statement of a request may take. */
const STATEMENT_TIMEOUT_MS = 4_000;
/** SQLSTATE of a statement that was ended. */
const QUERY_CANCELED = '57014';

/**
 * Resources of one type that fulfil a filter, with the number of all that do; ties and unsorted results are in id order.
 * Throws ScimError 400 `tooMany` for a search that is too much work, before or while it is done.
 */
export async function searchResources(
  calls: AdmittedCalls,
  table: ResourceTable,
  search: ResourceSearch,
): Promise<StoredPage> {
  const { text, values } = buildSearch(calls.directoryId, table, search);
  return runSearches(calls, [{ ...search, table }], async (client) => {
    const { rows } = await client.query<PageRow>({ text, values, types: textualJson });
    return readPage(rows as [PageRow, ...PageRow[]]);
  });
}

/**
 * Runs the statements of searches on one snapshot when none of the searches costs too much. Throws ScimError 400 `tooMany` for one
 * that does, or whose statement takes too long, and what the caller's budget throws when searches before have used it up.
 */
export async function runSearches<Result>(
  calls: AdmittedCalls,
  searches: readonly (Pick<ResourceSearch, 'filter' | 'sort'> & { table: ResourceTable })[],
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const prices = searches.map((search) => ({ table: search.table, price: priceSearch(search, search.table) }));
  const kind = prices.every(({ price }) => price.isIndexed) ? 'indexed' : 'scanning';
  const isScan = prices.some(({ price }) => scanMilliseconds(price, 1) > 0);
  if (isScan) calls.scans.admit();
  try {
    return await calls.search(kind, STATEMENT_TIMEOUT_MS, async (client, totals) => {
      for (const { table, price } of prices) refuseDearSearch(price, totals[table.total]);
      // Those that waited together for a place were all admitted: what the first of them cost counts now.
      if (isScan) calls.scans.admit();
      for (const { table, price } of prices) calls.scans.charge(scanMilliseconds(price, totals[table.total]));
      return work(client);
    });
  } catch (error) {
    // To try again would take as long.
    throw sqlState(error) === QUERY_CANCELED ? searchTooDear() : error;
  }
}

/** The text of a statement and what is bound to its parameters. */
export interface Statement {
  text: string;
  values: unknown[];
}

/**
 * The statement of a search: one pass finds the matching ids and their sort keys, then only the page's rows are read, in order.
 * Throws ScimError 400 `invalidCursor` for a place that is none of this search.
 */
export function buildSearch(directoryId: string, table: ResourceTable, search: ResourceSearch): Statement {
  const { found, keys, order, scope, values } = buildPage(directoryId, table, search);
  const places =
    search.behind === undefined ? 'NULL' : `(SELECT jsonb_object_agg(p.id, ${placeSql(keys, 'p')}) FROM page p)`;
  const text = `
    ${found}
    SELECT t.total, r.*, t.places -> r.id AS sort_keys FROM (
      SELECT (SELECT count(*) FROM matched) AS total, ARRAY(SELECT id FROM page ORDER BY ${order}) AS ids,
        ${places}::jsonb AS places) t
    LEFT JOIN LATERAL ${table.reader}(
      $1, t.ids, ${scope.bind(search.withReferences)}::boolean, ${scope.bind(PAGE_BYTES)}::integer) r ON true`;
  return { text, values };
}

/** The statement that finds only where the resources of a page stand: a row for each, or one without id. */
export function buildPlaces(
  directoryId: string,
  table: ResourceTable,
  search: Omit<ResourceSearch, 'withReferences'>,
): Statement {
  const { found, keys, order, values } = buildPage(directoryId, table, search);
  const text = `
    ${found}
    SELECT t.total, p.id, ${placeSql(keys, 'p')} AS sort_keys
    FROM (SELECT count(*) AS total FROM matched) t LEFT JOIN page p ON true ORDER BY ${order}`;
  return { text, values };
}

/** The tables of a search: `matched` has all ids that match, `page` those of the page, both with the keys to order by. */
function buildPage(
  directoryId: string,
  table: ResourceTable,
  { filter, sort, offset, behind, limit, baseUrl = '' }: Omit<ResourceSearch, 'withReferences'>,
): { found: string; keys: SortKey[]; order: string; scope: SqlScope; values: unknown[] } {
  const values: unknown[] = [directoryId];
  const scope: SqlScope = { source: 'r.resource', table, baseUrl, bind: (value) => `$${values.push(value)}` };
  const condition = filter ? ` AND ${filterToSql(filter, scope)}` : '';
  const sorted = sort ? sortToSql(sort.path, scope) : [];
  const keys = behind === undefined ? sorted : boundKeys(sorted);
  const descending = sort?.descending ?? false;
  const order = [...keys.map((_, index) => `key_${index}${descending ? ' DESC' : ''}`), 'id'].join(', ');
  const isBehind = behind ? ` WHERE ${behindSql(behind, { keys, descending, row: 'm' }, scope)}` : '';
  const found = `WITH matched AS MATERIALIZED (
      SELECT r.id${keys.map(({ sql }, index) => `, ${sql} AS key_${index}`).join('')}
      FROM ${table.name} r WHERE r.directory_id = $1${condition}),
    page AS MATERIALIZED (
      SELECT * FROM matched m${isBehind} ORDER BY ${order}
      OFFSET ${scope.bind(offset)}::bigint LIMIT ${scope.bind(limit)}::bigint)`;
  return { found, keys, order, scope, values };
}
