import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANSWER_CODINGS, chooseCoding } from './choose-coding';

it.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['zstd, deflate', null],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['gzip;q=0, *', 'br'],
  ['br;q=0, gzip;q=0, *', null],
  ['*;q=0', null],
  ['gzip, *;q=0', 'gzip'],
  ['br;q=0.5, gzip', 'gzip'],
  ['br;q=0.5, gzip;q=0.5', 'br'],
  ['gzip;q=0', null],
  ['gzip;q=0.001', 'gzip'],
  ['gzip;q=0.5, identity', null],
  ['gzip;q=0.5, identity;q=0.4', 'gzip'],
  ['gzip, identity', 'gzip'],
  ['identity;q=0, gzip;q=0.1', 'gzip'],
  ['gzip;q=nonsense', null],
])('to %j it is %j', (acceptEncoding, expected) => {
  expect(chooseCoding(acceptEncoding, ANSWER_CODINGS)).toBe(expected);
});

it('is one of those that are offered', () => {
  expect(chooseCoding('gzip, br', ['gzip'])).toBe('gzip');
  expect(chooseCoding('br', ['gzip'])).toBeNull();
});

it('is never one that the client refused', () => {
  const entry = fc.tuple(
    fc.constantFrom('br', 'gzip', 'identity', '*', 'deflate'),
    fc.constantFrom('', ';q=0', ';q=0.3', ';q=1'),
  );
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ([name]) => name }), (entries) => {
      const chosen = chooseCoding(entries.map((parts) => parts.join('')).join(', '), ANSWER_CODINGS);
      const named = new Map(entries);
      if (chosen !== null) expect(named.get(chosen) ?? named.get('*')).toBeOneOf(['', ';q=0.3', ';q=1']);
    }),
  );
});
