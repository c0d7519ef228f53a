import { mergeParts } from './merge-parts';
import type { CellFeed, FeedEvent } from './split-feed';

/** From where a cell's feed is read: `after` as the feed takes it, '' from the oldest; or a number of the one directory that is read. */
export type CellStart = { after: string } | { sequence: number };

/** A place in the feed of several cells: by cell, where it goes on. */
export type FeedPlace = Record<string, CellStart>;

/** A cell in which a directory has lived: it has the events up to that sequence which the one before has not. */
export interface PastPlacement {
  cell: string;
  lastSequence: number;
}

export interface MergedFeed {
  events: FeedEvent[];
  next: FeedPlace;
  hasMore: boolean;
}

export interface FeedMerging {
  /** Events of a page. */
  size: number;
  /** Whether one directory is read, which has its numbers. */
  bySequence: boolean;
  /** Only events with an id before this. */
  before?: string | undefined;
}

/**
 * A page of events of several cells: by when they were published, each cell's in its own order, which is that of its directories. Where
 * one directory is read, by its numbers. A cell without a page keeps its place.
 */
export function mergeFeed(
  place: FeedPlace,
  pages: ReadonlyMap<string, CellFeed>,
  { size, bySequence, before }: FeedMerging,
): MergedFeed {
  const cells = [...pages].map(([cell, page]) => ({ cell, page, events: upTo(page.events, before) }));
  const parts = cells.map(({ page, events }) => ({
    items: bySequence ? events.map((event) => ({ event, key: event.sequence })) : withIds(events),
    // What was cut off is behind everything that is shown.
    more: page.hasMore && events.length === page.events.length,
  }));
  const { items, taken } = mergeParts<Keyed>(parts, compareKeys, size);
  const next = { ...place };
  let hasMore = false;
  for (const [index, { cell, page }] of cells.entries()) {
    const count = taken[index] ?? 0;
    const isWhole = count === page.events.length;
    if (page.hasMore || !isWhole) hasMore = true;
    const last = page.events[count - 1];
    if (isWhole) next[cell] = { after: page.nextAfter };
    else if (last) next[cell] = { after: last.id };
  }
  return { events: items.map(({ event }) => event), next, hasMore };
}

function upTo(events: readonly FeedEvent[], before: string | undefined): readonly FeedEvent[] {
  const end = before === undefined ? -1 : events.findIndex(({ id }) => id >= before);
  return end === -1 ? events : events.slice(0, end);
}

interface Keyed {
  event: FeedEvent;
  key: string | number;
}

/**
 * Events with the id of the one that was published first of those from there on: what a cell shows behind others does not hold back what
 * stands behind it, so that a directory that was moved goes on in its new cell only behind what it has in the old one.
 */
function withIds(events: readonly FeedEvent[]): Keyed[] {
  let first = '~';
  return events
    .toReversed()
    .map((event) => {
      if (event.id < first) first = event.id;
      return { event, key: first };
    })
    .toReversed();
}

function compareKeys({ key }: Keyed, { key: other }: Keyed): number {
  return key < other ? -1 : Number(key > other);
}

/** Where a directory has lived, oldest first, and lives. */
export interface DirectoryCells {
  past: readonly PastPlacement[];
  present: string;
}

/**
 * From where the cells of a directory are read so that the events after a number come, each once: every cell from the first number
 * after it that the cell has, or from its last one.
 */
export function placeAfterSequence(after: number, { past, present }: DirectoryCells): FeedPlace {
  const place: FeedPlace = {};
  const begun = new Set<string>();
  let first = 0;
  for (const { cell, lastSequence } of [...past, { cell: present, lastSequence: Number.POSITIVE_INFINITY }]) {
    const isBehind = after < lastSequence;
    if (!begun.has(cell)) place[cell] = { sequence: isBehind ? Math.max(after, first) : lastSequence };
    if (isBehind) begun.add(cell);
    first = lastSequence;
  }
  return place;
}

/**
 * A place in a directory's feed where a cell that it has left, and that has been read to its end, is at its last number: nothing more comes
 * from there, so it need not be asked.
 */
export function leavePastCells(
  place: FeedPlace,
  pages: ReadonlyMap<string, CellFeed>,
  { past, present }: DirectoryCells,
): FeedPlace {
  const left = { ...place };
  for (const { cell, lastSequence } of past) {
    const [start, page] = [place[cell], pages.get(cell)];
    const isRead = start && page && !page.hasMore && 'after' in start && start.after === page.nextAfter;
    if (isRead && cell !== present) left[cell] = { sequence: lastSequence };
  }
  return left;
}

/** Whether a cell has nothing of a directory behind where it would be read from. */
export function isReadToEnd(cell: string, place: FeedPlace, { past, present }: DirectoryCells): boolean {
  const start = place[cell];
  const last = past.findLast((one) => one.cell === cell);
  return (
    cell !== present &&
    last !== undefined &&
    start !== undefined &&
    'sequence' in start &&
    start.sequence >= last.lastSequence
  );
}

/** What a position is written as, and read back; null for what is none. */
export function readFeedPlace(value: unknown): FeedPlace | null {
  if (typeof value !== 'object' || value === null) return null;
  const { cells } = value as { cells?: Record<string, string | number> };
  if (typeof cells !== 'object') return null;
  return Object.fromEntries(
    Object.entries(cells).map(([cell, start]) => [
      cell,
      typeof start === 'number' ? { sequence: start } : { after: start },
    ]),
  );
}

/** The same shorter, for a URL. */
export function writeFeedPlace(place: FeedPlace): { cells: Record<string, string | number> } {
  return {
    cells: Object.fromEntries(
      Object.entries(place).map(([cell, start]) => [cell, 'sequence' in start ? start.sequence : start.after]),
    ),
  };
}
