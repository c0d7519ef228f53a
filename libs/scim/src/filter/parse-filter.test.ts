import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import type { Filter } from './filter';
import { parseFilter } from './parse-filter';

const title: Filter = { kind: 'present', path: 'title' };
const nick: Filter = { kind: 'present', path: 'nickName' };
const locale: Filter = { kind: 'present', path: 'locale' };

describe('parseFilter', () => {
  it('reads every operator, in any case', () => {
    for (const operator of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const) {
      for (const text of [operator, operator.toUpperCase()]) {
        expect(parseFilter(`userName ${text} "x"`)).toEqual({
          kind: 'compare',
          path: 'userName',
          operator,
          value: 'x',
        });
      }
    }
    expect(parseFilter('title PR')).toEqual(title);
  });

  it('reads text with JSON escapes, numbers, booleans and null', () => {
    const value = (text: string) => (parseFilter(`a eq ${text}`) as { value: unknown }).value;
    expect(value(String.raw`"a\"b\\c\u00e9é"`)).toBe('a"b\\céé');
    expect(value('"a \\"and\\" b"')).toBe('a "and" b');
    expect(value('-1.5e2')).toBe(-150);
    expect(value('True')).toBe(true);
    expect(value('false')).toBe(false);
    expect(value('null')).toBeNull();
  });

  it('binds not tighter than and, and tighter than or', () => {
    expect(parseFilter('title pr or nickName pr and locale pr')).toEqual({
      kind: 'or',
      filters: [title, { kind: 'and', filters: [nick, locale] }],
    });
    expect(parseFilter('(title pr or nickName pr) and locale pr')).toEqual({
      kind: 'and',
      filters: [{ kind: 'or', filters: [title, nick] }, locale],
    });
    expect(parseFilter('NOT (title pr or nickName pr) and locale pr')).toEqual({
      kind: 'and',
      filters: [{ kind: 'not', filter: { kind: 'or', filters: [title, nick] } }, locale],
    });
  });

  it('takes joined filters of one kind as one list', () => {
    expect(parseFilter('(title pr and nickName pr) and locale pr')).toEqual({
      kind: 'and',
      filters: [title, nick, locale],
    });
  });

  it('reads value paths, and the form with a sub-attribute behind the bracket that Entra sends', () => {
    const work: Filter = { kind: 'compare', path: 'type', operator: 'eq', value: 'work' };
    const address: Filter = { kind: 'compare', path: 'value', operator: 'eq', value: 'x' };
    const both: Filter = { kind: 'valuePath', path: 'emails', filter: { kind: 'and', filters: [work, address] } };
    expect(parseFilter('emails[type eq "work"]')).toEqual({ kind: 'valuePath', path: 'emails', filter: work });
    expect(parseFilter('emails[type eq "work" and value eq "x"]')).toEqual(both);
    expect(parseFilter('emails[type eq "work"].value eq "x"')).toEqual(both);
    expect(parseFilter('emails[type eq "work"] and title pr')).toMatchObject({ kind: 'and' });
  });

  it('reads qualified names, and takes any number of spaces', () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value';
    expect(parseFilter(`  ${urn}   eq  "1"  and  title  pr `)).toEqual({
      kind: 'and',
      filters: [{ kind: 'compare', path: urn, operator: 'eq', value: '1' }, title],
    });
  });

  it('takes not, and, or and pr as attribute names where one must stand', () => {
    expect(parseFilter('not pr')).toEqual({ kind: 'present', path: 'not' });
    expect(parseFilter('or eq "x"')).toMatchObject({ path: 'or' });
  });

  it.each([
    '',
    ' ',
    'userName',
    'userName eq',
    'userName eq ',
    'userName eq x',
    "userName eq 'x'",
    'userName eq "x',
    'userName eq"x"',
    'userName="x"',
    'userName xx "x"',
    'userName eq "x" and',
    'userName eq "x" or or title pr',
    'userName eq "x" title pr',
    'userName eq "x"and title pr',
    'title pr andnickName pr',
    '(title pr',
    'title pr)',
    '()',
    'not title pr',
    'emails[type eq "work"',
    'emails[]',
    'emails[type eq "work"].',
    'emails[type eq "work"].value',
    'emails[a[b eq 1]]',
    'emails]',
    'a eq 01',
    'a eq 1e999',
    'a eq "\\x"',
    'a eq "\u0000"',
    'a eq "\\ud800"',
    '"x" eq userName',
    'a eq tru',
  ])('refuses %j with 400 invalidFilter', (text) => {
    expect(refusal(() => parseFilter(text))).toBe('400 invalidFilter');
  });

  it('refuses filters longer than 4,096 characters, deeper than 32 levels, with more than 100 comparisons', () => {
    const terms = (count: number) => Array.from({ length: count }, () => 'a pr').join(' or ');
    const nested = (depth: number) => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`;
    expect(parseFilter(terms(100))).toMatchObject({ kind: 'or' });
    expect(refusal(() => parseFilter(terms(101)))).toBe('400 invalidFilter');
    expect(parseFilter(nested(31))).toMatchObject({ kind: 'present' });
    expect(refusal(() => parseFilter(nested(32)))).toBe('400 invalidFilter');
    expect(refusal(() => parseFilter(nested(2000)))).toBe('400 invalidFilter');
    expect(parseFilter(`a eq "${'x'.repeat(4089)}"`)).toMatchObject({ kind: 'compare' });
    expect(refusal(() => parseFilter(`a eq "${'x'.repeat(4090)}"`))).toBe('400 invalidFilter');
  });

  it('tells where a filter is wrong and what was expected', () => {
    expect(() => parseFilter('userName = "x"')).toThrow(/character 10: expected an operator/);
    expect(() => parseFilter("userName eq 'x'")).toThrow(/character 13: expected a value: text in double quotes/);
  });
});
