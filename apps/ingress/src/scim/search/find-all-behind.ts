import type { ListQuery } from '@rollcall/scim';
import type { SearchPlace } from '@rollcall/scim-store';
import type { ListPart, ListPlace } from '../render/render-list';
import { renderOptions } from '../render/render-resource';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { findPageBehind } from './find-page';
import { findSorted } from './find-sorted';
import type { FoundParts } from './find-sorted';
import { decodeCursor, encodeCursor, placeOf, ROOT } from './page-cursor';
import type { CursorPosition } from './page-cursor';
import type { SearchableType } from './searchable-type';

/**
 * A page over several types by cursor: each type goes on behind the last of its own that was shown. Unsorted one type comes after
 * the other. Throws ScimError 400 for a cursor, filter or sort that fails.
 */
export async function findAllBehind(
  context: ScimContext,
  call: ScimCall,
  types: readonly SearchableType[],
  { query, cursor }: { query: ListQuery; cursor: string },
): Promise<{ total: number; parts: ListPart[]; place: ListPlace }> {
  const scope = { endpoint: ROOT, query };
  const start = decodeCursor(cursor, scope);
  const { sort } = query;
  const { total, parts, position, hasMore } = sort
    ? await findSorted(context, call, types, { query: { ...query, sort }, start, offset: 0 })
    : await findInTurn(context, call, types, { query, start });
  return { total, parts, place: hasMore ? { nextCursor: encodeCursor(position, scope) } : {} };
}

/** Of a type one more than the page has room for tells whether there is a next page; of those behind it only the number is read. */
async function findInTurn(
  context: ScimContext,
  call: ScimCall,
  types: readonly SearchableType[],
  { query, start }: { query: ListQuery; start: CursorPosition },
): Promise<FoundParts> {
  const baseUrl = context.baseUrl(call.caller.directoryId);
  const position: Record<string, SearchPlace> = {};
  const found: FoundParts = { total: 0, parts: [], position, hasMore: false };
  let room = query.count;
  for (const searchable of types) {
    const { type } = searchable;
    const limit = query.count === 0 || found.hasMore ? 0 : room + 1;
    const behind = start[type.endpoint] ?? null;
    const page = await findPageBehind(context, call, searchable, { query, behind, limit });
    const resources = page.resources.slice(0, room);
    const last = resources.at(-1);
    const place = last ? placeOf(last) : behind;
    if (place) position[type.endpoint] = place;
    found.parts.push({ resources, options: renderOptions(type, baseUrl, query.projection) });
    found.total += page.total;
    found.hasMore ||= page.isCut || page.resources.length > room;
    room -= resources.length;
  }
  return found;
}
