import { describe, expect, it } from 'vitest';
import { jsonEquals } from './json-equals';

describe('jsonEquals', () => {
  it('ignores the order of keys and respects that of elements', () => {
    expect(jsonEquals({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
    expect(jsonEquals([1, 2], [2, 1])).toBe(false);
  });

  it('tells kinds, lengths and own keys apart', () => {
    expect(jsonEquals([], {})).toBe(false);
    expect(jsonEquals({}, [])).toBe(false);
    expect(jsonEquals({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(jsonEquals({ toString: 1 }, { valueOf: 1 })).toBe(false);
    expect(jsonEquals(null, {})).toBe(false);
    expect(jsonEquals('1', 1)).toBe(false);
    expect(jsonEquals(undefined, undefined)).toBe(true);
  });
});
