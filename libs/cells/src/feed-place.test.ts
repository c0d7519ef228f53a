import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeFeed, placeAfterSequence, readFeedPlace, writeFeedPlace } from './feed-place';
import type { CellStart, FeedPlace } from './feed-place';
import type { CellFeed, FeedEvent } from './split-feed';

/** A cell's feed: `after` an event, or its position, which here is how many events there are before it. */
function readCell(events: readonly FeedEvent[], start: CellStart, size: number): CellFeed {
  const from =
    'sequence' in start
      ? events.findIndex(({ sequence }) => sequence > start.sequence)
      : start.after.startsWith('evt')
        ? events.findIndex(({ id }) => id === start.after) + 1
        : Number(start.after);
  const begin = from === -1 ? events.length : from;
  const page = events.slice(begin, begin + size);
  return { events: page, nextAfter: String(begin + page.length), hasMore: begin + page.length < events.length };
}

function readAll(cells: Record<string, FeedEvent[]>, from: FeedPlace, sizes: readonly number[], bySequence: boolean) {
  const read: FeedEvent[] = [];
  let place = from;
  for (let turn = 0; ; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const pages = new Map(
      Object.entries(place).map(([cell, start]) => [cell, readCell(cells[cell] ?? [], start, size)]),
    );
    const page = mergeFeed(place, pages, { size, bySequence });
    read.push(...page.events);
    // As the reader keeps it.
    place = readFeedPlace(JSON.parse(JSON.stringify(writeFeedPlace(page.next)))) ?? {};
    if (!page.hasMore) return read;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });

describe('the feed of several cells', () => {
  it('has every event once, and each directory in order, also one that was moved, whatever the sizes of the pages', () => {
    // Per event: which directory, and by how much its publishing was late, so that its cell has it behind others.
    const event = fc.record({ directory: fc.constantFrom('x', 'y', 'moved'), late: fc.integer({ min: 0, max: 4 }) });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 40 }),
        fc.integer({ min: 0, max: 40 }),
        sizes,
        (given, movedAt, pages) => {
          const cells: Record<string, (FeedEvent & { place: number })[]> = { a: [], b: [] };
          const numbers = new Map<string, number>();
          for (const [index, { directory, late }] of given.entries()) {
            const isMoved = directory === 'moved' && index >= movedAt;
            const cell = directory === 'y' || isMoved ? 'b' : 'a';
            const sequence = (numbers.get(directory) ?? 0) + 1;
            numbers.set(directory, sequence);
            // A move waits until what was published late is there.
            const time = index + (isMoved ? 100 : 0);
            const place = directory === 'moved' ? time : time + late;
            const id = `evt_${String(time).padStart(4, '0')}`;
            cells[cell]?.push({ text: directory, id, sequence, place });
          }
          for (const events of Object.values(cells))
            events.sort((one, other) => one.place - other.place || one.sequence - other.sequence);
          const inOrder = Object.values(cells).every((events) => isOrdered(events));
          fc.pre(inOrder);
          const read = readAll(cells, { a: { after: '0' }, b: { after: '0' } }, pages, false);
          expect(read.map(({ id }) => id).toSorted()).toEqual(
            Object.values(cells)
              .flat()
              .map(({ id }) => id)
              .toSorted(),
          );
          expect(isOrdered(read)).toBe(true);
        },
      ),
    );
  });

  it('has a directory that was moved, also there and back, by its numbers from any of them on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 30 }),
        sizes,
        (lengths, atEnd, asked, pages) => {
          const cells: Record<string, FeedEvent[]> = { a: [], b: [] };
          const past: { cell: string; lastSequence: number }[] = [];
          let sequence = 0;
          for (const [index, length] of [...lengths, atEnd].entries()) {
            const cell = index % 2 === 0 ? 'a' : 'b';
            for (let n = 0; n < length; n++) {
              sequence += 1;
              cells[cell]?.push({ text: '', id: `evt_${sequence}`, sequence });
            }
            past.push({ cell, lastSequence: sequence });
          }
          const present = past.pop()?.cell ?? 'a';
          const after = Math.min(asked, sequence);
          const read = readAll(cells, placeAfterSequence(after, { past, present }), pages, true);
          expect(read.map((event) => event.sequence)).toEqual(
            Array.from({ length: sequence - after }, (_, index) => after + index + 1),
          );
        },
      ),
    );
  });

  it('shows nothing of any cell from a time on that one of them may not have been asked at', () => {
    const page = (id: string) => ({ events: [{ text: '', id, sequence: 1 }], nextAfter: 'q', hasMore: false });
    const pages = new Map([
      ['a', page('evt_1')],
      ['b', page('evt_3')],
    ]);
    const merged = mergeFeed({ a: { after: '' }, b: { after: '' } }, pages, {
      size: 5,
      bySequence: false,
      before: 'evt_2',
    });
    expect(merged.events.map(({ id }) => id)).toEqual(['evt_1']);
    expect([merged.next, merged.hasMore]).toEqual([{ a: { after: 'q' }, b: { after: '' } }, true]);
  });

  it('keeps the place of a cell that gives no page', () => {
    const place = { a: { after: 'p' }, b: { sequence: 4 } };
    const page = { events: [], nextAfter: 'q', hasMore: false };
    expect(mergeFeed(place, new Map([['a', page]]), { size: 1, bySequence: false }).next).toEqual({
      a: { after: 'q' },
      b: { sequence: 4 },
    });
  });
});

it('a place that is none is not read', () => {
  for (const value of [null, 1, 'x', {}, { cells: 1 }]) expect(readFeedPlace(value)).toBeNull();
});

function isOrdered(events: readonly FeedEvent[]): boolean {
  const last = new Map<string, number>();
  return events.every(({ text, sequence }) => {
    const isNext = sequence === (last.get(text) ?? 0) + 1 || !last.has(text);
    last.set(text, sequence);
    return isNext;
  });
}
