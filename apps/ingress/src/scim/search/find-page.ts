import { foldText, resolveFilter, resolveSortPath } from '@rollcall/scim';
import type { ListQuery, ResourceType, Sort } from '@rollcall/scim';
import { searchResources } from '@rollcall/scim-store';
import type { ResourceSearch, SearchPlace, StoredPage } from '@rollcall/scim-store';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import type { KeyQuery, SearchableType } from './searchable-type';

/** Loads the page of a list or search by the cheapest way that answers it. Throws ScimError 400 for a filter or sort that fails. */
export async function findPage(
  context: ScimContext,
  { caller }: ScimCall,
  searchable: SearchableType,
  query: ListQuery,
): Promise<StoredPage> {
  const withReferences = searchable.needsReferences(query.projection);
  const page = { offset: query.startIndex - 1, limit: query.count, withReferences };
  if (isPlainList(query)) return listInOrder(context, caller, searchable, page);
  const search = resolveSearch(query, searchable);
  const key = keyOf(search, searchable);
  // A position beyond this cannot exist, and the look-up takes it as a 32-bit integer.
  if (key) return searchable.find(caller, { ...key, ...page, offset: Math.min(page.offset, MAX_OFFSET) });
  return searchResources(caller, searchable.table, {
    ...search,
    ...page,
    baseUrl: context.baseUrl(caller.directoryId),
  });
}

/**
 * Loads `limit` resources that stand behind a place in the same order, null = from the first. Whether that of the place is still
 * there does not matter. Throws ScimError 400 as `findPage`, and `invalidCursor` for a place of another order.
 */
export async function findPageBehind(
  context: ScimContext,
  { caller }: ScimCall,
  searchable: SearchableType,
  { query, behind, limit }: { query: ListQuery; behind: SearchPlace | null; limit: number },
): Promise<StoredPage> {
  const withReferences = searchable.needsReferences(query.projection);
  const page = { offset: 0, limit, withReferences };
  if (isPlainList(query)) return searchable.list(caller, { ...page, after: behind?.id ?? '' });
  const search = resolveSearch(query, searchable);
  const key = behind === null ? keyOf(search, searchable) : undefined;
  if (key) return searchable.find(caller, { ...key, ...page });
  const baseUrl = context.baseUrl(caller.directoryId);
  return searchResources(caller, searchable.table, { ...search, ...page, behind, baseUrl });
}

/** All resources in their natural order, which is by id. */
export function isPlainList({ filter, sort }: ListQuery): boolean {
  return filter === undefined && sort === undefined;
}

const MAX_OFFSET = 2_000_000_000;

async function listInOrder(
  { pages }: ScimContext,
  caller: ScimCall['caller'],
  searchable: SearchableType,
  { offset, limit, withReferences }: Omit<KeyQuery, 'attribute' | 'key'>,
): Promise<StoredPage> {
  const list = `${caller.directoryId}${searchable.type.endpoint}`;
  const after = offset === 0 ? undefined : pages.idBefore(list, offset + 1);
  const page = await searchable.list(caller, {
    after: after ?? '',
    offset: after === undefined ? Math.min(offset, MAX_OFFSET) : 0,
    limit,
    withReferences,
  });
  const last = page.resources.at(-1);
  if (last) pages.remember(list, offset + page.resources.length + 1, last.id);
  return page;
}

/** What is searched for: a filter and a sort of that resource type. */
type Search = Pick<ResourceSearch, 'filter' | 'sort'>;

function resolveSearch({ filter, sort }: ListQuery, { type }: SearchableType): Search {
  return { ...(filter && { filter: resolveFilter(filter, type) }), ...(sort && { sort: resolveSort(sort, type) }) };
}

/** The sort of a search of one resource type. Throws ScimError 400 for one that fails. */
export function resolveSort(sort: Sort, type: ResourceType): NonNullable<ResourceSearch['sort']> {
  return { path: resolveSortPath(sort, type), descending: sort.descending };
}

/** The exact look-up that a search is, when it is nothing else: `userName eq "…"` and the like. */
function keyOf({ filter, sort }: Search, searchable: SearchableType): { attribute: string; key: string } | undefined {
  if (filter === undefined || sort !== undefined) return undefined;
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined;
  const { container, attribute, subAttribute, definition } = filter.path;
  if (container !== null || definition === undefined) return undefined;
  const name = subAttribute === null ? attribute : `${attribute}.${subAttribute}`;
  if (name === null || !searchable.keys.includes(name)) return undefined;
  return { attribute: name, key: searchable.foldedKeys.includes(name) ? foldText(filter.value) : filter.value };
}
