import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { findBulkIdReferences, orderBulkOperations, resolveBulkIdReferences } from './bulk-references';
import { bulkResponse } from './bulk-response';
import { BULK_REQUEST_URN, parseBulkRequest } from './parse-bulk-request';
import type { BulkOperation } from './parse-bulk-request';

const bulk = (Operations: unknown, rest: object = {}) => ({ schemas: [BULK_REQUEST_URN], Operations, ...rest });
const group = (bulkId: string, ...members: string[]): BulkOperation => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { displayName: bulkId, members: members.map((value) => ({ value })) },
});

describe('parseBulkRequest', () => {
  it('reads operations, methods in any case', () => {
    const request = parseBulkRequest(
      bulk(
        [
          { method: 'post', path: '/Users', bulkId: 'a', data: { userName: 'x' } },
          { method: 'DELETE', path: '/Users/1', version: 'W/"1"', data: null },
        ],
        { failOnErrors: 2 },
      ),
    );
    expect(request).toEqual({
      failOnErrors: 2,
      operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'x' } },
        { method: 'DELETE', path: '/Users/1', version: 'W/"1"' },
      ],
    });
  });

  it('tells an operation’s own fault in it, and reads the others', () => {
    const data = {};
    const { operations } = parseBulkRequest(
      bulk([
        'x',
        { method: 'GET', path: '/Users' },
        { method: 'POST', path: '/Users', data },
        { method: 'PUT', path: '/Users/1' },
        { method: 'DELETE', path: 'Users/1' },
        { method: 'POST', path: '/Users', bulkId: 'a', data },
        { method: 'POST', path: '/Users', bulkId: 'a', data },
        { method: 'DELETE', path: '/Users/1' },
      ]),
    );
    expect(operations.map(({ error }) => error?.scimType)).toEqual([
      'invalidSyntax',
      'invalidSyntax',
      'invalidValue',
      'invalidSyntax',
      'invalidSyntax',
      undefined,
      'invalidValue',
      undefined,
    ]);
  });

  it('refuses another message with 400 and too many operations with 413', () => {
    const operation = { method: 'DELETE', path: '/Users/1' };
    for (const body of [null, {}, bulk([]), bulk({}), bulk([operation], { failOnErrors: 0 })]) {
      expect(refusal(() => parseBulkRequest(body))).toBe('400 invalidSyntax');
    }
    const many = (count: number) => bulk(Array.from({ length: count }, () => operation));
    expect(parseBulkRequest(many(1000)).operations).toHaveLength(1000);
    expect(refusal(() => parseBulkRequest(many(1001)))).toBe('413');
    expect(refusal(() => parseBulkRequest(many(3), { maxOperations: 2 }))).toBe('413');
  });
});

describe('bulkId references', () => {
  const operation: BulkOperation = {
    method: 'PATCH',
    path: '/Groups/bulkId:g',
    data: {
      Operations: [
        { op: 'remove', path: 'members[value eq "bulkId:a"]' },
        {
          op: 'add',
          path: 'members',
          value: [{ value: 'bulkId:b', $ref: '../Users/bulkId:b', display: 'a bulkId:c' }],
        },
      ],
    },
  };

  it('are found in paths and values, and nowhere else', () => {
    expect(findBulkIdReferences(operation)).toEqual(['g', 'a', 'b']);
  });

  it('are replaced by ids, and named where no id is known', () => {
    const resolved = resolveBulkIdReferences(
      operation,
      new Map([
        ['g', '1'],
        ['b', '2'],
      ]),
    );
    expect(resolved.unresolved).toEqual(['a']);
    expect(resolved.operation).toEqual({
      method: 'PATCH',
      path: '/Groups/1',
      data: {
        Operations: [
          { op: 'remove', path: 'members[value eq "bulkId:a"]' },
          { op: 'add', path: 'members', value: [{ value: '2', $ref: '../Users/2', display: 'a bulkId:c' }] },
        ],
      },
    });
  });

  it('put referenced operations first, and keep the order otherwise, in circles too', () => {
    expect(orderBulkOperations([group('a', 'bulkId:b'), group('b', 'bulkId:c'), group('c'), group('d')])).toEqual([
      2, 1, 0, 3,
    ]);
    expect(orderBulkOperations([group('a', 'bulkId:b'), group('b', 'bulkId:a')])).toEqual([1, 0]);
    expect(orderBulkOperations([group('a', 'bulkId:a', 'bulkId:unknown')])).toEqual([0]);
  });

  it('may form a chain as long as the request', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => group(`${index}`, `bulkId:${index + 1}`));
    expect(orderBulkOperations(chain)[0]).toBe(49_999);
  });

  it('reach no prototype', () => {
    const data = JSON.parse('{"__proto__":{"polluted":"bulkId:a"}}') as BulkOperation['data'];
    const hostile: BulkOperation = {
      method: 'POST',
      path: '/Users',
      bulkId: 'x',
      ...(data === undefined ? {} : { data }),
    };
    resolveBulkIdReferences(hostile, new Map([['a', '1']]));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('bulkResponse', () => {
  it('renders statuses as text and leaves out what is not there', () => {
    expect(bulkResponse([{ method: 'DELETE', status: 204, location: 'https://x/Users/1' }])).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
      Operations: [{ method: 'DELETE', location: 'https://x/Users/1', status: '204' }],
    });
  });
});
