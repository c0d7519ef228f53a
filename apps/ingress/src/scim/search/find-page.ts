import { foldText, resolveFilter, resolveSortPath } from '@rollcall/scim';
import type { ListQuery, ResolvedFilter } from '@rollcall/scim';
import { searchResources } from '@rollcall/scim-store';
import type { StoredPage } from '@rollcall/scim-store';
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
  const filter = query.filter && resolveFilter(query.filter, searchable.type);
  if (isPlainList(query)) return listInOrder(context, caller, searchable, page);
  const key = filter && !query.sort ? keyOf(filter, searchable) : undefined;
  // A position beyond this cannot exist, and the look-up takes it as a 32-bit integer.
  if (key) return searchable.find(caller, { ...key, ...page, offset: Math.min(page.offset, MAX_OFFSET) });
  return searchResources(caller, searchable.table, {
    ...(filter && { filter }),
    ...(query.sort && {
      sort: { path: resolveSortPath(query.sort, searchable.type), descending: query.sort.descending },
    }),
    ...page,
    baseUrl: context.baseUrl(caller.directoryId),
  });
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

/** The exact look-up that a filter is, when it is nothing else: `userName eq "…"` and the like. */
function keyOf(filter: ResolvedFilter, searchable: SearchableType): { attribute: string; key: string } | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined;
  const { container, attribute, subAttribute, definition } = filter.path;
  if (container !== null || definition === undefined) return undefined;
  const name = subAttribute === null ? attribute : `${attribute}.${subAttribute}`;
  if (name === null || !searchable.keys.includes(name)) return undefined;
  return { attribute: name, key: searchable.foldedKeys.includes(name) ? foldText(filter.value) : filter.value };
}
