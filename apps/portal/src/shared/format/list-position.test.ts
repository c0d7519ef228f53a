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
  it('counts rows from one across pages', () => {
    expect(describeRange(1, 20, 20, 312)).toBe('1–20 of 312');
    expect(describeRange(16, 20, 12, 312)).toBe('301–312 of 312');
    expect(describeRange(1, 20, 1, 1)).toBe('1 of 1');
    expect(describeRange(1, 20, 0, 0)).toBe('0 of 0');
  });
});
