/** What one cell has of a merged sequence from some place on. */
export interface Part<Item> {
  /** In the order of the whole. */
  items: readonly Item[];
  /** Whether the cell has further items behind these, which are not known. */
  more: boolean;
}

/**
 * The first items of a sequence that several cells have parts of, and how many of each part are among them. Ends early where a cell may
 * have items that are not known, for one of them may be the next. Each part keeps its own order, whatever `compare` says.
 */
export function mergeParts<Item>(
  parts: readonly Part<Item>[],
  compare: (one: Item, other: Item) => number,
  size: number,
): { items: Item[]; taken: number[] } {
  const taken = parts.map(() => 0);
  const items: Item[] = [];
  while (items.length < size) {
    const heads = parts.map((part, index) => part.items[taken[index] ?? 0]);
    if (parts.some(({ more }, index) => more && heads[index] === undefined)) break;
    const first = indexOfFirst(heads, compare);
    if (first === -1) break;
    items.push(heads[first] as Item);
    taken[first] = (taken[first] ?? 0) + 1;
  }
  return { items, taken };
}

/** -1 when there is none. */
function indexOfFirst<Item>(heads: readonly (Item | undefined)[], compare: (one: Item, other: Item) => number): number {
  let found = -1;
  for (const [index, head] of heads.entries()) {
    if (head === undefined) continue;
    const best = heads[found];
    if (best === undefined || compare(head, best) < 0) found = index;
  }
  return found;
}
