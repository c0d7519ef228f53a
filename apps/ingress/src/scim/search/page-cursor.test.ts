import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseListQuery, ScimError } from '@rollcall/scim';
import { decodeCursor, encodeCursor } from './page-cursor';
import type { CursorScope } from './page-cursor';

const key = fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme' }), fc.boolean(), fc.integer());
const place = fc.record({ id: fc.string(), keys: fc.array(key) });
const scopes: CursorScope[] = ['/Users', '/Groups', ''].flatMap((endpoint) =>
  [{}, { filter: 'title pr' }, { sortBy: 'title' }, { sortBy: 'title', sortOrder: 'descending' }].map((query) => ({
    endpoint,
    query: parseListQuery(query),
  })),
);
const scope = fc.constantFrom(...scopes);

function refusal(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    return error instanceof ScimError ? `${error.status} ${error.scimType}` : String(error);
  }
  return 'taken';
}

/** A cursor with some content, given for a scope as far as can be told. */
function forge(content: unknown, scope: CursorScope): string {
  const given = encodeCursor({ [scope.endpoint]: { id: 'x', keys: [] } }, scope);
  const { query } = JSON.parse(Buffer.from(given, 'base64url').toString()) as { query: string };
  return Buffer.from(JSON.stringify({ ...(content as object), query })).toString('base64url');
}

describe('a cursor', () => {
  it('gives back the places that it was given, behind which the next page begins', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scopes.slice(1, 4)), place, (scope, place) => {
        fc.pre(!place.id.includes('\0') && !place.keys.some((key) => typeof key === 'string' && key.includes('\0')));
        expect(decodeCursor(encodeCursor({ '/Users': place }, scope), scope)).toEqual({ '/Users': place });
      }),
    );
  });

  it('is refused by every query but its own', () => {
    fc.assert(
      fc.property(scope, scope, (given, asked) => {
        fc.pre(given !== asked);
        const cursor = encodeCursor({ [given.endpoint]: { id: 'x', keys: [] } }, given);
        expect(refusal(() => decodeCursor(cursor, asked))).toBe('400 invalidCursor');
      }),
    );
  });

  it('with whatever content is a position or refused', () => {
    const places = fc.array(fc.array(fc.oneof(fc.jsonValue(), fc.string()), { maxLength: 4 }));
    const content = fc.oneof(fc.jsonValue(), fc.record({ after: fc.jsonValue() }), fc.record({ behind: places }));
    fc.assert(
      fc.property(scope, content, fc.string(), (scope, content, text) => {
        expect(['taken', '400 invalidCursor']).toContain(refusal(() => decodeCursor(forge(content, scope), scope)));
        fc.pre(text !== '');
        expect(refusal(() => decodeCursor(text, scope))).toBe('400 invalidCursor');
      }),
    );
  });

  it.each(scopes)('that counts what came before it has expired ($endpoint, $query)', (scope) => {
    expect(refusal(() => decodeCursor(forge({ offset: 4 }, scope), scope))).toBe('400 expiredCursor');
  });

  it('with text that PostgreSQL cannot take is invalid', () => {
    for (const text of ['\0', '\ud800']) {
      for (const content of [{ after: text }, { behind: [['/Users', text]] }, { behind: [['/Users', 'x', text]] }]) {
        for (const scope of scopes)
          expect(refusal(() => decodeCursor(forge(content, scope), scope))).toBe('400 invalidCursor');
      }
    }
  });
});
