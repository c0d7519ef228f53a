import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import type { Filter } from './filter';
import { parseFilter } from './parse-filter';
import { printFilter } from './print-filter';

const path = fc.constantFrom('userName', 'name.givenName', 'emails', 'not', 'a-b_c', '$ref', 'urn:x:2.0:User:tag');
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => (number === 0 ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
);
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le') as fc.Arbitrary<'eq'>;
const simple: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ kind: fc.constant('present' as const), path }),
  fc.record({ kind: fc.constant('compare' as const), path, operator, value }),
);

/** Filters as the parser makes them: no `and` directly in an `and`, no `or` in an `or`. */
const { filter } = fc.letrec<{ filter: Filter; inner: Filter }>((tie) => ({
  inner: compound(simple, tie('inner')),
  filter: compound(
    fc.oneof(simple, fc.record({ kind: fc.constant('valuePath' as const), path, filter: tie('inner') })),
    tie('filter'),
  ),
}));

function compound(leaf: fc.Arbitrary<Filter>, nested: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  const list = (kind: 'and' | 'or') =>
    fc
      .array(
        nested.filter((part) => part.kind !== kind),
        { minLength: 2, maxLength: 3 },
      )
      .map((filters): Filter => ({ kind, filters }));
  const not = nested.map((part): Filter => ({ kind: 'not', filter: part }));
  return fc.oneof({ maxDepth: 4 }, leaf, list('and'), list('or'), not);
}

describe('printFilter', () => {
  it('prints what parseFilter reads back as the same filter', () => {
    fc.assert(
      fc.property(filter, (original) => {
        const text = printFilter(original);
        fc.pre(text.length <= 4096);
        expect(parseFilter(text)).toEqual(original);
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseFilter on any text', () => {
  it('gives a filter or refuses with 400 invalidFilter, nothing else', () => {
    const words = fc.constantFrom(
      'a',
      'eq',
      '"x"',
      'pr',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      '.',
      ' ',
      '1',
      'true',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const outcome = attempt(input);
        expect(outcome).toEqual(typeof outcome === 'string' ? '400 invalidFilter' : parseFilter(printFilter(outcome)));
      }),
      { numRuns: 500 },
    );
  });
});

/** The filter, or what it was refused with. */
function attempt(text: string): Filter | string {
  try {
    return parseFilter(text);
  } catch {
    return refusal(() => parseFilter(text));
  }
}
