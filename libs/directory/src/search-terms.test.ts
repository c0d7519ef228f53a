import { describe, expect, it } from 'vitest';
import { EMPTY_GROUP, EMPTY_USER } from '@rollcall/contract';
import type { UserData } from '@rollcall/contract';
import { afterPrefix, groupTerms, readSearch, userEmailKey, userNameKey, userTerms } from './search-terms';

const soren: UserData = {
  ...EMPTY_USER,
  dp_id: '00uA1b2',
  preferred_username: 'soren.ostergard@acme.example',
  email: 'soren.ostergard@acme.example',
  name: 'Søren Østergård-Müller',
  given_name: 'Søren',
  family_name: 'Østergård-Müller',
};

/** As the database does it. */
function finds(terms: readonly string[], search: string): boolean {
  const words = readSearch(search);
  return words.length > 0 && words.every((word) => terms.some((term) => term >= word && term < afterPrefix(word)));
}

describe('a user', () => {
  it.each([
    'Søren',
    'soren',
    'SOREN',
    'Ostergard',
    'østergård',
    'Muller',
    'Müller',
    'soren ostergard',
    'ostergard soren',
    'østergård-mü',
    '00uA1b2',
    '00ua',
    'soren.ostergard@acme.example',
    'ostergard soren acme.example',
    '@acme.example',
    '  soren  ',
  ])('is found by %j', (search) => expect(finds(userTerms(soren), search)).toBe(true));

  it.each(['sorensen', 'acme.example.org', 'soren grace', 'A1b2', '', '@', ' '])('is not found by %j', (search) =>
    expect(finds(userTerms(soren), search)).toBe(false),
  );

  it('has no term that another one begins with', () => {
    const terms = userTerms(soren);
    expect(terms).toEqual(expect.arrayContaining(['soren.ostergard@acme.example', 'ostergard-muller', 'muller']));
    expect(terms.filter((term) => terms.some((other) => other !== term && other.startsWith(term)))).toEqual([]);
  });

  it('has a bounded number of terms of a bounded length, none of them half a character', () => {
    const long = '😀'.repeat(300);
    const emails = Array.from({ length: 200 }, (_, n) => ({
      value: `a${n}.b${n}@c${n}.example`,
      type: null,
      primary: false,
    }));
    const terms = userTerms({
      ...soren,
      dp_id: long,
      name: Array.from({ length: 300 }, (_, n) => n).join(' '),
      emails,
    });
    expect(terms.length).toBeLessThanOrEqual(24);
    for (const term of terms) {
      expect(Array.from(term).length).toBeLessThanOrEqual(64);
      expect(term).not.toMatch(/\p{Surrogate}/u);
    }
    expect(new Set(terms).size).toBe(terms.length);
  });

  it('stands in the order of a name without marks, and of what stands for one', () => {
    expect(userNameKey(soren)).toBe('soren ostergard-muller');
    expect(userNameKey({ ...soren, name: null })).toBe('soren ostergard-muller');
    expect(userNameKey({ ...EMPTY_USER, preferred_username: 'Ann' })).toBe('ann');
    expect([userNameKey(EMPTY_USER), userEmailKey(EMPTY_USER)]).toEqual(['', '']);
    expect(userEmailKey({ ...EMPTY_USER, email: 'Ann@Acme.example' })).toBe('ann@acme.example');
  });
});

describe('a group', () => {
  const terms = groupTerms({ ...EMPTY_GROUP, display_name: 'Équipe Berlin / Design', external_id: '00gXyz' });

  it.each(['equipe', 'berlin', 'design berlin', '00gx', 'Équipe'])('is found by %j', (search) =>
    expect(finds(terms, search)).toBe(true),
  );

  it('is not found by the middle of a word', () => expect(finds(terms, 'erlin')).toBe(false));
});

describe('a search', () => {
  it('has a bounded number of words, each once', () => {
    expect(readSearch('a b a c d e f g h')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(readSearch('x'.repeat(500))).toEqual(['x'.repeat(64)]);
  });
});
