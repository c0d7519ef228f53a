import { describe, expect, it } from 'vitest';
import { badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import type { ScimResource } from '../json';
import { userResourceType } from '../schema/resource-types';
import { compareResources } from './compare-resources';
import { parseSort } from './parse-sort';

function sorted(sortBy: string, sortOrder: string, resources: ScimResource[], type = userResourceType): unknown[] {
  const sort = parseSort({ sortBy, sortOrder });
  if (sort === undefined) throw new Error('no sort');
  return resources.toSorted((a, b) => compareResources(a, b, sort, type)).map(({ id }) => id);
}

describe('compareResources', () => {
  it('orders text without regard to case unless caseExact', () => {
    const users = [
      { id: 'b', userName: 'B' },
      { id: 'c', userName: 'c' },
      { id: 'a', userName: 'a' },
    ];
    expect(sorted('userName', 'ascending', users)).toEqual(['a', 'b', 'c']);
    expect(sorted('USERNAME', 'Descending', users)).toEqual(['c', 'b', 'a']);
    expect(
      sorted('externalId', 'ascending', [
        { id: 1, externalId: 'a' },
        { id: 2, externalId: 'B' },
      ]),
    ).toEqual([2, 1]);
  });

  it('puts missing values last ascending and first descending', () => {
    const users: ScimResource[] = [{ id: 1 }, { id: 2, title: 'x' }, { id: 3, title: '' }];
    expect(sorted('title', 'ascending', users)).toEqual([2, 1, 3]);
    expect(sorted('title', 'descending', users)).toEqual([1, 3, 2]);
  });

  it('takes the primary of several values, else the first', () => {
    const users: ScimResource[] = [
      { id: 1, emails: [{ value: 'z' }, { value: 'a', primary: true }] },
      { id: 2, emails: [{ value: 'b' }, { value: 'a' }] },
    ];
    expect(sorted('emails', 'ascending', users)).toEqual([1, 2]);
    expect(sorted('emails.value', 'descending', users)).toEqual([2, 1]);
  });

  it('orders numbers, booleans and times by their meaning', () => {
    const order = (name: string, values: ScimResource[string][]) =>
      sorted(
        name,
        'ascending',
        values.map((value, index) => ({ id: index, [name]: value })),
        badgeResourceType,
      );
    expect(order('level', [10, 9])).toEqual([1, 0]);
    expect(order('revoked', [true, false])).toEqual([1, 0]);
    expect(order('validUntil', ['2026-01-01T00:30:00Z', '2026-01-01T01:00:00+01:00'])).toEqual([1, 0]);
  });

  it('refuses to sort by a complex attribute without value, a hidden one, or what is no path, with 400 invalidValue', () => {
    for (const sortBy of ['name', 'addresses', 'password', 'a b', 'a.b.c', '__proto__']) {
      expect(refusal(() => sorted(sortBy, 'ascending', [{}, {}]))).toBe('400 invalidValue');
    }
  });
});

describe('parseSort', () => {
  it('ascends by default and needs sortBy', () => {
    expect(parseSort({ sortBy: 'userName' })).toEqual({ sortBy: 'userName', descending: false });
    expect(parseSort({ sortOrder: 'descending' })).toBeUndefined();
    expect(refusal(() => parseSort({ sortBy: 'a', sortOrder: 'up' }))).toBe('400 invalidValue');
  });
});
