import { describe, expect, it } from 'vitest';
import { readPages } from './read-pages';

/** A list of numbers without an end, or with so many, ten on a page. */
function listOf(length = Infinity) {
  const asked: (string | undefined)[] = [];
  const read = (pageToken?: string) => {
    asked.push(pageToken);
    const from = Number(pageToken ?? 0);
    const to = Math.min(from + 10, length);
    const rows = Array.from({ length: to - from }, (_, index) => from + index);
    return Promise.resolve({ rows, next: to < length ? String(to) : '' });
  };
  return { read, asked };
}

describe('readPages', () => {
  it('reads on to the end of the list', async () => {
    const { read, asked } = listOf(25);
    expect(await readPages(1_000, read)).toHaveLength(25);
    expect(asked).toEqual([undefined, '10', '20']);
  });

  it('asks for no further page when it has as many as are wanted', async () => {
    const { read, asked } = listOf();
    expect(await readPages(20, read)).toHaveLength(20);
    expect(asked).toEqual([undefined, '10']);
  });

  it('has no more than are wanted where the last page has', async () => {
    expect(await readPages(15, listOf().read)).toEqual(Array.from({ length: 15 }, (_, index) => index));
  });
});
