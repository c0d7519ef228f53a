import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginList, LAST_PAGE, mergePages, placesAround } from './list-pages';
import type { CellPage, ListPlace } from './list-pages';

const compare = (one: number, other: number) => one - other;

/** A cell's list as the management API pages it: a token is beside an item, in a direction. */
function readCell(all: readonly number[], place: string | null, size: number): CellPage<number> {
  if (place === null) return { items: [], next: '', prev: '' };
  const isBack = place === LAST_PAGE || place.startsWith('<');
  const end =
    place === LAST_PAGE ? all.length : isBack ? all.filter((item) => item < Number(place.slice(1))).length : 0;
  const start = place === '' ? 0 : all.filter((item) => item <= Number(place.slice(1))).length;
  const [from, to] = isBack ? [Math.max(0, end - size), end] : [start, Math.min(all.length, start + size)];
  const items = all.slice(from, to);
  if (items.length === 0) return { items, next: '', prev: '' };
  return {
    items,
    next: to < all.length ? `>${items.at(-1)}` : '',
    prev: from > 0 && place !== '' ? `<${items[0]}` : '',
  };
}

function readPage(cells: Record<string, number[]>, place: ListPlace, size: number) {
  const ask = (cell: string, count: number) => readCell(cells[cell] ?? [], place.at[cell] ?? null, count);
  const pages = new Map(Object.keys(cells).map((cell) => [cell, ask(cell, size)]));
  const { items, taken } = mergePages(place.direction, pages, { compare, size });
  for (const { cell, count, again } of taken) if (again) pages.set(cell, ask(cell, count));
  return { items, ...placesAround(place, pages, taken) };
}

const cellsOf = (items: number[], where: number[]) => {
  const cells: Record<string, number[]> = { a: [], b: [], c: [] };
  for (const [index, item] of items.entries()) cells['abc'[(where[index] ?? 0) % 3] ?? 'a']?.push(item);
  return cells;
};

describe('a list of several cells', () => {
  it('has every item once and in order, forwards and back, whatever the size of a page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { maxLength: 40 }),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (given, where, size) => {
          const all = given.toSorted(compare);
          const cells = cellsOf(all, where);
          const pages: number[][] = [];
          let page = readPage(cells, beginList(['a', 'b', 'c']), size);
          expect(page.prev).toBeNull();
          pages.push(page.items);
          while (page.next) {
            page = readPage(cells, page.next, size);
            pages.push(page.items);
          }
          expect(pages.flat()).toEqual(all);
          const full = pages.filter((items) => items.length > 0);
          expect(full.slice(0, -1).every((items) => items.length === size)).toBe(true);
          let back: number[] = page.items;
          while (page.prev) {
            page = readPage(cells, page.prev, size);
            back = [...page.items, ...back];
          }
          expect(back).toEqual(all);
        },
      ),
    );
  });

  it('has an item once that two cells have, and goes on behind it in both', () => {
    const cells = { a: [1, 5], b: [5, 6] };
    const first = readPage(cells, beginList(['a', 'b']), 3);
    expect(first.items).toEqual([1, 5]);
    expect(first.next && readPage(cells, first.next, 3).items).toEqual([6]);
  });

  it('ends while a cell does not answer, and goes on with it when it does', () => {
    const place = beginList(['a', 'b']);
    const answered = (cell: string, page: CellPage<number>) => {
      const pages = new Map([[cell, page]]);
      const { items, taken } = mergePages('next', pages, { compare, size: 2 });
      return { items, ...placesAround(place, pages, taken) };
    };
    expect(answered('a', { items: [1, 2], next: '', prev: '' })).toEqual({ items: [1, 2], next: null, prev: null });
    expect(answered('a', { items: [1, 2], next: '>2', prev: '' }).next?.at).toEqual({ a: '>2', b: '' });
  });

  it('shows nothing that may lie behind what a cell has not looked at', () => {
    const pages = new Map([
      ['a', { items: [], next: '>5', prev: '' }],
      ['b', { items: [9], next: '', prev: '' }],
    ]);
    const merged = mergePages('next', pages, { compare, size: 2 });
    expect(merged.items).toEqual([]);
    expect(placesAround(beginList(['a', 'b']), pages, merged.taken).next?.at).toEqual({ a: '>5', b: '' });
  });
});
