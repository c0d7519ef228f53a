import { tooMany } from '@rollcall/scim';
import type { AttributePath, ResolvedFilter, ScimError } from '@rollcall/scim';
import { columnKey, isShownOtherwise, isSingleValued } from './path-to-sql';
import type { ResourceTable } from './resource-table';

/** What a search costs PostgreSQL before it has the page's resources, and whether an index spares it the others. */
export interface SearchPrice {
  /** About microseconds for each resource that is looked at. */
  perResource: number;
  /** Only few resources are looked at: those with a certain key, or those that have a certain value. */
  isIndexed: boolean;
}

/** About microseconds that a term takes of each resource: estimates, of which the order of magnitude counts. */
const COST = {
  /** Of a column. */
  column: 1,
  /** Of the stored JSON, which is unpacked for each term: a single value, several, or a name that no schema knows. */
  single: 5,
  several: 15,
  unknown: 20,
  /** Of what is put together for each resource: its groups or members. */
  computed: 120,
} as const;

/** A sort looks at its value several times. */
const SORT_FACTOR = 5;

/** So many resources are looked at in a search that an index serves. */
const INDEXED_RESOURCES = 1_000;
/** What a search may cost in a directory: some seconds. */
const BUDGET = 4_000_000;

/** Throws ScimError 400 `tooMany` for a search that costs too much among so many resources, before any of it is done. */
export function refuseDearSearch({ perResource, isIndexed }: SearchPrice, resources: number): void {
  if (perResource * (isIndexed ? Math.min(resources, INDEXED_RESOURCES) : resources) > BUDGET) throw searchTooDear();
}

/**
 * About how long a search takes of a processor that looks into every resource. A list, and what an index or a column answers, is
 * what identity providers ask for all the time and counts nothing.
 */
export function scanMilliseconds({ perResource, isIndexed }: SearchPrice, resources: number): number {
  return isIndexed || perResource <= COST.single ? 0 : (perResource * resources) / 1_000;
}

/** 400 `tooMany` (RFC 7644 §3.12) for a search that is more work than one may be. */
export function searchTooDear(): ScimError {
  return tooMany(
    'The search is too much work in a directory of this size. Send a filter with fewer terms, or one that names fewer resources, such as userName eq "…".',
  );
}

/** The price of a search by its filter and sort. */
export function priceSearch(
  { filter, sort }: { filter?: ResolvedFilter | undefined; sort?: { path: AttributePath } | undefined },
  table: ResourceTable,
): SearchPrice {
  const sorting = sort ? pathCost(sort.path, table) : 0;
  return {
    perResource:
      1 + (filter ? filterCost(filter, table) : 0) + (sorting > COST.column ? sorting * SORT_FACTOR : sorting),
    isIndexed: filter !== undefined && isIndexed(filter, table),
  };
}

function filterCost(filter: ResolvedFilter, table: ResourceTable): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, part) => sum + filterCost(part, table), 0);
    case 'not':
      return filterCost(filter.filter, table);
    case 'present':
      return pathCost(filter.path, table);
    case 'compare':
      return isIndexed(filter, table) ? COST.column : pathCost(filter.path, table);
    case 'valuePath':
      return isIndexed(filter, table) ? COST.column : pathCost(filter.path, table) + valueCost(filter.filter);
  }
}

/** What the filter of a value path costs for each of some values. */
function valueCost(filter: ResolvedFilter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, part) => sum + valueCost(part), 0);
    case 'not':
    case 'valuePath':
      return valueCost(filter.filter);
    case 'present':
    case 'compare':
      return filter.path.definition === undefined ? COST.several : COST.single;
  }
}

function pathCost(path: AttributePath, table: ResourceTable): number {
  const key = columnKey(path);
  if (key !== undefined && table.columns.has(key)) return COST.column;
  const computed = path.container === null && path.attribute !== null && table.computed.has(path.attribute);
  if (isShownOtherwise(path, table)) return COST.computed;
  if (computed) return path.attribute === table.referenceAttribute ? COST.computed : COST.several;
  if (path.definition === undefined || (path.subAttribute !== null && path.subDefinition === undefined))
    return COST.unknown;
  return isSingleValued(path) ? COST.single : COST.several;
}

/** Whether every resource that fulfils a filter has a certain key or value that an index finds. */
function isIndexed(filter: ResolvedFilter, table: ResourceTable): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.some((part) => isIndexed(part, table));
    case 'or':
      return filter.filters.every((part) => isIndexed(part, table));
    case 'compare':
      return filter.operator === 'eq' && typeof filter.value === 'string' && isKey(filter.path, table);
    case 'valuePath': {
      const { path } = filter;
      const isRow = path.container === null && path.attribute !== null && table.valueRows.has(path.attribute);
      return isRow && path.definition !== undefined && requiresValue(filter.filter);
    }
    case 'not':
    case 'present':
      return false;
  }
}

function isKey(path: AttributePath, table: ResourceTable): boolean {
  const key = columnKey(path);
  if (key !== undefined && table.columns.get(key)?.kind === 'text') return true;
  return path.container === null && path.subAttribute === 'value' && table.valueRows.has(path.attribute ?? '');
}

function requiresValue(filter: ResolvedFilter): boolean {
  if (filter.kind === 'and') return filter.filters.some(requiresValue);
  return (
    filter.kind === 'compare' &&
    filter.operator === 'eq' &&
    filter.path.attribute === 'value' &&
    typeof filter.value === 'string'
  );
}
