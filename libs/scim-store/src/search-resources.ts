import { ScimError } from '@rollcall/scim';
import type { AttributePath, ResolvedFilter } from '@rollcall/scim';
import { sqlState, textualJson } from '@rollcall/database';
import type { AdmittedCalls } from './admitted-calls';
import { filterToSql } from './filter-to-sql';
import type { SqlScope } from './path-to-sql';
import type { ResourceTable } from './resource-table';
import { sortToSql } from './sort-to-sql';
import { readResourceRow } from './stored-resource';
import type { ResourceRow, StoredPage } from './stored-resource';

/** A search: which resources, in which order, which page of them. */
export interface ResourceSearch {
  filter?: ResolvedFilter;
  sort?: { path: AttributePath; descending: boolean };
  offset: number;
  limit: number;
  withReferences: boolean;
}

/** A search that takes longer is ended by PostgreSQL. Less than any statement of a request may take. */
const STATEMENT_TIMEOUT_MS = 5_000;
const QUERY_CANCELED = '57014';

/**
 * Resources of one type that fulfil a filter, with the number of all that do; ties and unsorted results are in id order.
 * @throws ScimError 400 tooMany when that takes too long.
 */
export async function searchResources(
  calls: AdmittedCalls,
  table: ResourceTable,
  search: ResourceSearch,
): Promise<StoredPage> {
  const { text, values } = buildSearch(calls.directoryId, table, search);
  const found = calls.read(STATEMENT_TIMEOUT_MS, async (client) => {
    const { rows } = await client.query<ResourceRow & { total: string }>({ text, values, types: textualJson });
    return {
      total: Number(rows[0]?.total ?? 0),
      resources: rows.flatMap((row) => readResourceRow(row) ?? []),
    };
  });
  return found.catch((error: unknown) => {
    if (sqlState(error) !== QUERY_CANCELED) throw error;
    throw new ScimError(
      400,
      'tooMany',
      'The search takes too long. Use a filter that names fewer resources, such as userName eq "…".',
    );
  });
}

/** The statement of a search: one pass finds the matching ids and their sort keys, then only the page's rows are read. */
export function buildSearch(
  directoryId: string,
  table: ResourceTable,
  { filter, sort, offset, limit, withReferences }: ResourceSearch,
): { text: string; values: unknown[] } {
  const values: unknown[] = [directoryId];
  const scope: SqlScope = { source: 'r.resource', table, bind: (value) => `$${values.push(value)}` };
  const condition = filter ? ` AND ${filterToSql(filter, scope)}` : '';
  const keys = sort ? sortToSql(sort.path, scope) : [];
  const direction = sort?.descending ? ' DESC' : '';
  const order = [...keys.map((_, index) => `key_${index}${direction}`), 'id'].join(', ');
  const text = `
    WITH matched AS MATERIALIZED (
      SELECT r.id${keys.map((key, index) => `, ${key} AS key_${index}`).join('')}
      FROM ${table.name} r WHERE r.directory_id = $1${condition}),
    page AS (
      SELECT m.id, row_number() OVER () AS position FROM (
        SELECT * FROM matched ORDER BY ${order} OFFSET ${scope.bind(offset)}::bigint LIMIT ${scope.bind(limit)}::bigint) m)
    SELECT t.total, r.id, r.version, r.created, r.last_modified, r.resource,
      ${withReferences ? `CASE WHEN r.id IS NOT NULL THEN ${table.references} END` : 'NULL::jsonb'} AS groups
    FROM (SELECT count(*) AS total FROM matched) t
    LEFT JOIN page p ON true
    LEFT JOIN LATERAL (
      -- LIMIT keeps the planner from reading the whole table to join a page with it.
      SELECT * FROM ${table.name} r WHERE r.directory_id = $1 AND r.id = p.id LIMIT 1) r ON true
    ORDER BY p.position`;
  return { text, values };
}
