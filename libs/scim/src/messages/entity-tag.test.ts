import { describe, expect, it } from 'vitest';
import { formatETag, matchesIfMatch, matchesIfNoneMatch } from './entity-tag';

describe('entity tags', () => {
  it('are weak', () => {
    expect(formatETag(42)).toBe('W/"42"');
  });

  it.each([
    ['W/"42"', true],
    ['"42"', true],
    ['42', true],
    ['"41", W/"42"', true],
    [' * ', true],
    ['W/"41"', false],
    ['""', false],
    ['', false],
  ])('match %s: %s', (header, expected) => {
    expect(matchesIfMatch(header, formatETag(42))).toBe(expected);
    expect(matchesIfNoneMatch(header, formatETag(42))).toBe(expected);
  });
});
