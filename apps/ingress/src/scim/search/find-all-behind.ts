import { compareResources } from '@rollcall/scim';
import type { ListQuery, ScimResource, Sort } from '@rollcall/scim';
import type { SearchPlace, StoredPage } from '@rollcall/scim-store';
import type { ListPart, ListPlace } from '../render/render-list';
import { parseShown, renderOptions } from '../render/render-resource';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { findPageBehind } from './find-page';
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
  const lanes = await readLanes(context, call, types, { query, start });
  const parts = takeInOrder(lanes, query);
  const position = Object.fromEntries(lanes.flatMap((lane) => placeBehind(lane, start)));
  return {
    total: lanes.reduce((sum, { page }) => sum + page.total, 0),
    parts,
    place: parts.length > 0 && lanes.some(hasMore) ? { nextCursor: encodeCursor(position, scope) } : {},
  };
}

/** What was read of one type. */
interface Lane {
  endpoint: string;
  type: SearchableType['type'];
  page: StoredPage;
  parts: ListPart[];
  /** Of a sorted search: the same as they are shown. */
  shown: ScimResource[];
  /** How many of them are on the page of all types. */
  taken: number;
}

/** Of each type one more than the page has room for, which tells whether there is a next page. */
async function readLanes(
  context: ScimContext,
  call: ScimCall,
  types: readonly SearchableType[],
  { query, start }: { query: ListQuery; start: CursorPosition },
): Promise<Lane[]> {
  const baseUrl = context.baseUrl(call.caller.directoryId);
  const lanes: Lane[] = [];
  let room = query.count;
  for (const searchable of types) {
    const { type } = searchable;
    const limit = query.count === 0 || room < 0 ? 0 : room + 1;
    const behind = start[type.endpoint] ?? null;
    const page = await findPageBehind(context, call, searchable, { query, behind, limit });
    const options = renderOptions(type, baseUrl, query.projection);
    const parts = page.resources.map((stored) => ({ resources: [stored], options }));
    const shown = query.sort ? page.resources.map((stored) => parseShown(stored, { type, baseUrl })) : [];
    lanes.push({ endpoint: type.endpoint, type, page, parts, shown, taken: 0 });
    if (!query.sort) room = page.isCut ? -1 : room - page.resources.length;
  }
  return lanes;
}

/** Takes from the lanes what comes first, never out of the order of one lane. */
function takeInOrder(lanes: readonly Lane[], { count, sort }: ListQuery): ListPart[] {
  const taken: ListPart[] = [];
  while (taken.length < count) {
    const [lane, ...others] = lanes.filter(hasMore);
    if (lane === undefined) break;
    const first = others.reduce((first, other) => (sort && comesBefore(other, first, sort) ? other : first), lane);
    const part = first.parts[first.taken];
    if (part === undefined) break;
    taken.push(part);
    first.taken += 1;
  }
  return taken;
}

function hasMore({ page, taken }: Lane): boolean {
  return page.isCut || taken < page.resources.length;
}

/** Behind the last of a page that its bytes have cut stands something that may come before everything else. */
function comesBefore(other: Lane, first: Lane, sort: Sort): boolean {
  const [a, b] = [first.shown[first.taken], other.shown[other.taken]];
  if (a === undefined || b === undefined) return b === undefined;
  return compareResources(a, b, sort, first.type) > 0;
}

function placeBehind({ endpoint, page, taken }: Lane, start: CursorPosition): [string, SearchPlace][] {
  const last = page.resources[taken - 1];
  const place = last ? placeOf(last) : start[endpoint];
  return place ? [[endpoint, place]] : [];
}
