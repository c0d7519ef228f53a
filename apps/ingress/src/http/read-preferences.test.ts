import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPreferences } from './read-preferences';

it.each([
  ['', {}],
  [',, ,', {}],
  ['gzip', { gzip: 1 }],
  ['gzip, deflate, br, zstd', { gzip: 1, deflate: 1, br: 1, zstd: 1 }],
  [' GZip ; Q=0.5 ,\tbr;q=1.000', { gzip: 0.5, br: 1 }],
  ['gzip;q=0, *;q=0.', { gzip: 0, '*': 0 }],
  ['gzip;q=2, br;q=-1, a;q=, b;q=0.1234, c;q=x, d;q=1e9', { gzip: 0, br: 0, a: 0, b: 0, c: 0, d: 0 }],
  ['text/html;level=1;q=0.3;q=1, */*;v=b3;q=0.8', { 'text/html': 0.3, '*/*': 0.8 }],
  ['gzip;q = 0', { gzip: 0 }],
  ['gzip;q', { gzip: 0 }],
])('reads %j', (header, expected) => {
  expect(Object.fromEntries(readPreferences(header))).toEqual(expected);
});

it('has nothing of a header that was not sent', () => {
  expect(readPreferences(undefined).size).toBe(0);
});

it('reads a bounded number of entries', () => {
  expect(readPreferences(Array.from({ length: 5_000 }, (_, n) => `c${n}`).join(',')).size).toBe(20);
});

const NAME = fc.stringMatching(/^[a-z*][a-z0-9/+*-]{0,12}$/);
const THOUSANDTHS = fc.integer({ min: 0, max: 1_000 });

it('reads back what was written, whatever the case and the spaces', () => {
  const entries = fc.uniqueArray(fc.tuple(NAME, THOUSANDTHS), { selector: ([name]) => name, maxLength: 20 });
  fc.assert(
    fc.property(entries, fc.constantFrom('', ' ', '\t '), fc.boolean(), (written, space, isUpper) => {
      const header = written
        .map(([name, weight]) => `${name}${space};${space}q=${(weight / 1_000).toFixed(3)}`)
        .join(`${space},${space}`);
      const read = readPreferences(isUpper ? header.toUpperCase() : header);
      expect([...read]).toEqual(written.map(([name, weight]) => [name, weight / 1_000]));
    }),
  );
});

it('takes any text, and weighs everything between 0 and 1', () => {
  fc.assert(
    fc.property(fc.string(), (header) => {
      for (const weight of readPreferences(header).values()) expect(weight >= 0 && weight <= 1).toBe(true);
    }),
  );
});
