import { mergeParts } from './merge-parts';

/** The token of a page that ends with the last item of a list. */
export const LAST_PAGE = 'last';

/**
 * A place in a list that cells have parts of: by cell the token of the page that it goes on with in that direction, '' from its
 * beginning; null when there is nothing more that way.
 */
export interface ListPlace {
  direction: 'next' | 'prev';
  at: Record<string, string | null>;
}

/** A page of one cell's part, as its list answers it. */
export interface CellPage<Item> {
  items: readonly Item[];
  next: string;
  prev: string;
}

/** How many items of a cell's page are on the merged one; `again`: only some, so its tokens are those of a page of so many. */
export interface Taken {
  cell: string;
  count: number;
  again: boolean;
}

export interface MergedPage<Item> {
  items: Item[];
  taken: Taken[];
}

/** The place at which a list begins. */
export function beginList(cells: readonly string[]): ListPlace {
  return { direction: 'next', at: Object.fromEntries(cells.map((cell) => [cell, ''])) };
}

/** The merged page of so many items at a place, in the order of the list. @param pages of each cell that has answered */
export function mergePages<Item>(
  direction: ListPlace['direction'],
  pages: ReadonlyMap<string, CellPage<Item>>,
  { compare, size }: { compare: (one: Item, other: Item) => number; size: number },
): MergedPage<Item> {
  const isBack = direction === 'prev';
  const cells = [...pages.keys()];
  const parts = [...pages.values()].map(({ items, next, prev }) => ({
    items: isBack ? items.toReversed() : items,
    more: (isBack ? prev : next) !== '',
  }));
  const merged = mergeParts(parts, isBack ? (one, other) => -compare(one, other) : compare, size);
  // What is on its way from one cell to another is in both for a moment.
  const items = merged.items.filter((item, index, all) => index === 0 || compare(all[index - 1] as Item, item) !== 0);
  return {
    items: isBack ? items.toReversed() : items,
    taken: cells.map((cell, index) => {
      const count = merged.taken[index] ?? 0;
      return { cell, count, again: count > 0 && count < (parts[index]?.items.length ?? 0) };
    }),
  };
}

/**
 * The places before and behind a merged page; null at an end of the list. Of a cell that has not answered the place stays, but nobody is
 * sent there for it alone.
 * @param pages what the cells have answered, of `again` the page of so many items as were taken
 */
export function placesAround<Item>(
  { direction, at }: ListPlace,
  pages: ReadonlyMap<string, CellPage<Item>>,
  taken: readonly Taken[],
): { next: ListPlace | null; prev: ListPlace | null } {
  const isBack = direction === 'prev';
  const onward: ListPlace['at'] = {};
  const backward: ListPlace['at'] = {};
  for (const [cell, place] of Object.entries(at)) {
    const page = pages.get(cell);
    const count = taken.find((one) => one.cell === cell)?.count ?? 0;
    onward[cell] = page ? placeBehind(place, page, { count, isBack }) : place;
    backward[cell] = page ? placeBefore(place, page, isBack) : null;
  }
  const answered = [...pages.keys()];
  const placeOf = (towards: ListPlace['direction'], places: ListPlace['at']) =>
    answered.some((cell) => places[cell] !== null) ? { direction: towards, at: places } : null;
  return isBack
    ? { next: placeOf('next', backward), prev: placeOf('prev', onward) }
    : { next: placeOf('next', onward), prev: placeOf('prev', backward) };
}

/** Where a cell goes on in the direction of reading. */
function placeBehind<Item>(
  place: string | null,
  { items, next, prev }: CellPage<Item>,
  { count, isBack }: { count: number; isBack: boolean },
): string | null {
  if (place === null || (count === 0 && items.length > 0)) return place;
  return (isBack ? prev : next) || null;
}

/** The way back from where a cell was read: the opposite end of the list when there was nothing to read. */
function placeBefore<Item>(
  place: string | null,
  { items, next, prev }: CellPage<Item>,
  isBack: boolean,
): string | null {
  if (isBack) {
    if (place === LAST_PAGE) return null;
    return items.length === 0 ? '' : next || null;
  }
  if (place === '') return null;
  return items.length === 0 ? LAST_PAGE : prev || null;
}
