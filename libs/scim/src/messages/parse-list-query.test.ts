import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { listResponse } from './list-response';
import { parseListQuery } from './parse-list-query';
import { SEARCH_REQUEST_URN, parseSearchRequest } from './parse-search-request';

describe('parseListQuery', () => {
  it('starts at 1 with 100 resources by default', () => {
    expect(parseListQuery({})).toEqual({ startIndex: 1, count: 100, projection: {} });
    expect(parseListQuery({ count: '', startIndex: '', sortBy: '', attributes: '' })).toEqual(parseListQuery({}));
  });

  it.each([
    ['0', 1],
    ['-5', 1],
    ['7', 7],
    ['999999999999999999999', Number.MAX_SAFE_INTEGER],
  ])('takes startIndex %s as %i', (startIndex, expected) => {
    expect(parseListQuery({ startIndex }).startIndex).toBe(expected);
  });

  it.each([
    ['0', 0],
    ['-1', 0],
    ['500', 500],
    ['501', 500],
  ])('takes count %s as %i', (count, expected) => {
    expect(parseListQuery({ count }).count).toBe(expected);
  });

  it('reads filter, order and attributes, whatever the case of the names, and ignores the rest', () => {
    expect(
      parseListQuery({
        Filter: 'title pr',
        sortby: 'title',
        SORTORDER: 'descending',
        attributes: 'title',
        cursor: 'x',
        x: '1',
      }),
    ).toEqual({
      filter: { kind: 'present', path: 'title' },
      sort: { sortBy: 'title', descending: true },
      startIndex: 1,
      count: 100,
      projection: { attributes: ['title'] },
    });
  });

  it.each([
    [{ filter: '' }, '400 invalidFilter'],
    [{ filter: 'nonsense' }, '400 invalidFilter'],
    [{ filter: ['a pr', 'b pr'] }, '400 invalidValue'],
    [{ count: 'ten' }, '400 invalidValue'],
    [{ count: '1.5' }, '400 invalidValue'],
    [{ count: 'ten', cursor: '' }, '400 invalidCount'],
    [{ startIndex: 'ten', cursor: '' }, '400 invalidValue'],
    [{ startIndex: ['1', '2'] }, '400 invalidValue'],
    [{ sortBy: 'a', sortOrder: 'sideways' }, '400 invalidValue'],
    [{ attributes: 'a', excludedAttributes: 'b' }, '400 invalidValue'],
  ])('refuses %j with %s', (query, expected) => {
    expect(refusal(() => parseListQuery(query))).toBe(expected);
  });
});

describe('parseSearchRequest', () => {
  it('reads numbers and lists of a search message', () => {
    const body = { schemas: [SEARCH_REQUEST_URN], filter: 'title pr', startIndex: 2, count: 3, attributes: ['title'] };
    expect(parseSearchRequest(body)).toEqual({
      filter: { kind: 'present', path: 'title' },
      startIndex: 2,
      count: 3,
      projection: { attributes: ['title'] },
    });
  });

  it('needs no schemas', () => {
    const query = parseSearchRequest({ schemas: [SEARCH_REQUEST_URN], count: 3 });
    for (const body of [{ count: 3 }, { schemas: null, count: 3 }, { schemas: [], count: 3 }]) {
      expect(parseSearchRequest(body)).toEqual(query);
    }
  });

  it('refuses another message with 400 invalidSyntax', () => {
    for (const body of [null, [], { schemas: 'x' }, { schemas: ['urn:x'], filter: 'title pr' }]) {
      expect(refusal(() => parseSearchRequest(body))).toBe('400 invalidSyntax');
    }
  });
});

describe('listResponse', () => {
  it('counts the page and always has Resources', () => {
    expect(listResponse({ resources: [], totalResults: 0, startIndex: 1 })).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });
});
