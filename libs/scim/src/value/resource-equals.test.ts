import { describe, expect, it } from 'vitest';
import { resourceEquals } from './resource-equals';

describe('resourceEquals', () => {
  it('ignores the order of keys and respects that of elements', () => {
    expect(resourceEquals({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
    expect(resourceEquals([1, 2], [2, 1])).toBe(false);
  });

  it('tells kinds, lengths and own keys apart', () => {
    expect(resourceEquals([], {})).toBe(false);
    expect(resourceEquals({}, [])).toBe(false);
    expect(resourceEquals({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(resourceEquals({ toString: 1 }, { valueOf: 1 })).toBe(false);
    expect(resourceEquals(null, {})).toBe(false);
    expect(resourceEquals('1', 1)).toBe(false);
    expect(resourceEquals(undefined, undefined)).toBe(true);
  });
});
