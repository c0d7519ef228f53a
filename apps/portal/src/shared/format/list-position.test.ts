import { describe, expect, it } from 'vitest';
import { describeRange, readListPosition, writeListPosition } from './list-position';

describe('readListPosition', () => {
  it('starts at the first page of everything', () => {
    expect(readListPosition(new URLSearchParams())).toEqual({ query: '', page: 1, pageToken: '' });
  });

  it.each(['page=2', 'page_token=abc', 'page=-1&page_token=abc', 'page=1.5&page_token=abc', 'page=x&page_token=abc'])(
    'gives the first page for the senseless %s',
    (text) => {
      expect(readListPosition(new URLSearchParams(`q=ada&${text}`))).toEqual({ query: 'ada', page: 1, pageToken: '' });
    },
  );

  it('reads back what was written', () => {
    const position = { query: 'ada & co', page: 3, pageToken: 'a+b/=' };
    const written = writeListPosition(new URLSearchParams('user=diruser_1'), position);
    expect(written.get('user')).toBe('diruser_1');
    expect(readListPosition(new URLSearchParams(written.toString()))).toEqual(position);
  });
});

describe('writeListPosition', () => {
  it('leaves defaults out of the URL', () => {
    const parameters = new URLSearchParams('q=ada&page=2&page_token=abc');
    expect(writeListPosition(parameters, { query: '', page: 1, pageToken: '' }).toString()).toBe('');
  });
});

describe('describeRange', () => {
  const SIZE = 20;

  /** What a list of so many rows says on this page. */
  const rangeOf = (page: number, total: number) => {
    const rows = Math.min(SIZE, total - (page - 1) * SIZE);
    return describeRange({ page, pageSize: SIZE, rows, total, isLast: page * SIZE >= total });
  };

  it.each([
    [1, 0, '0 of 0'],
    [1, 1, '1 of 1'],
    [1, 20, '1–20 of 20'],
    [1, 21, '1–20 of 21'],
    [2, 21, '21 of 21'],
    [16, 312, '301–312 of 312'],
    [500, 9_999, '9,981–9,999 of 9,999'],
    [1, 10_000, '1–20 of 10,000'],
    [500, 10_000, '9,981–10,000 of 10,000'],
    [501, 10_001, '10,001 of 10,001'],
    [1, 10_050, '1–20 of 10,050'],
    [502, 10_050, '10,021–10,040 of 10,050'],
    [503, 10_050, '10,041–10,050 of 10,050'],
    [1, 1_000_000, '1–20 of 1,000,000'],
  ])('counts rows from one across pages: page %i of %i rows', (page, total, text) => {
    expect(rangeOf(page, total)).toBe(text);
  });

  it('counts what a search found, not what there is', () => {
    expect(describeRange({ page: 1, pageSize: SIZE, rows: 3, total: 3, isLast: true })).toBe('1–3 of 3');
  });

  it('ends the last page with the last row, whatever came or went before it', () => {
    expect(describeRange({ page: 3, pageSize: SIZE, rows: 5, total: 38, isLast: true })).toBe('34–38 of 38');
    expect(describeRange({ page: 3, pageSize: SIZE, rows: 5, total: 60, isLast: true })).toBe('56–60 of 60');
  });

  it('shows no row beyond the last for a page number that was made up', () => {
    expect(describeRange({ page: 999_999, pageSize: SIZE, rows: 20, total: 312, isLast: false })).toBe(
      '293–312 of 312',
    );
  });
});
