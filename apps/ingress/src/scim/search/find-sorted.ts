import { resolveFilter } from '@rollcall/scim';
import type { ListQuery, Sort } from '@rollcall/scim';
import { searchTogether } from '@rollcall/scim-store';
import type { ListPart } from '../render/render-list';
import { renderOptions } from '../render/render-resource';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { resolveSort } from './find-page';
import { placeOf } from './page-cursor';
import type { CursorPosition } from './page-cursor';
import type { SearchableType } from './searchable-type';

/** A list query with a sort. */
export type SortedQuery = ListQuery & { sort: Sort };

/** A page over several types. */
export interface FoundParts {
  total: number;
  parts: ListPart[];
  /** Where the next page begins. */
  position: CursorPosition;
  hasMore: boolean;
}

/**
 * A page of a sorted search over several types: `offset` resources are skipped of those that stand behind `start`. Throws ScimError
 * 400 for a filter or sort that fails, or a place of another order.
 */
export async function findSorted(
  context: ScimContext,
  { caller }: ScimCall,
  types: readonly SearchableType[],
  { query, start, offset }: { query: SortedQuery; start: CursorPosition; offset: number },
): Promise<FoundParts> {
  const baseUrl = context.baseUrl(caller.directoryId);
  const lanes = types.map((searchable) => ({
    endpoint: searchable.type.endpoint,
    options: renderOptions(searchable.type, baseUrl, query.projection),
    search: {
      ...(query.filter && { filter: resolveFilter(query.filter, searchable.type) }),
      sort: resolveSort(query.sort, searchable.type),
      table: searchable.table,
      baseUrl,
      withReferences: searchable.needsReferences(query.projection),
      behind: start[searchable.type.endpoint] ?? null,
    },
  }));
  const searches = lanes.map(({ search }) => search);
  const { total, found, hasMore } = await searchTogether(caller, searches, { offset, limit: query.count });
  const position = lanes.map(({ endpoint }, index) => {
    const last = found.findLast(({ type }) => type === index);
    return [endpoint, last ? placeOf(last.stored) : start[endpoint]] as const;
  });
  return {
    total,
    parts: found.flatMap(({ type, stored }) => {
      const lane = lanes[type];
      return lane ? [{ resources: [stored], options: lane.options }] : [];
    }),
    position: Object.fromEntries(position.flatMap(([endpoint, place]) => (place ? [[endpoint, place]] : []))),
    hasMore,
  };
}
