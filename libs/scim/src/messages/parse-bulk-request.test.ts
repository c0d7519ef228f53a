import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import type { JsonObject, JsonValue } from '../json';
import { GROUP_URN } from '../schema/group-schema';
import {
  findBulkIdReferences,
  omitBulkIdReferences,
  orderBulkOperations,
  resolveBulkIdReferences,
} from './bulk-references';
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

function order(operations: BulkOperation[]): number[] {
  return orderBulkOperations(operations, operations.map(findBulkIdReferences));
}

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

  it('needs no schemas and no operations, and takes failOnErrors 0 as none', () => {
    for (const schemas of [undefined, null, []])
      expect(parseBulkRequest(bulk([], { schemas }))).toEqual({ operations: [] });
    for (const failOnErrors of [0, -0, null, undefined]) {
      expect(parseBulkRequest(bulk([], { failOnErrors }))).toEqual({ operations: [] });
    }
    for (const failOnErrors of [-1, 0.5, '0', '1', true, [], {}, 2 ** 60]) {
      expect(refusal(() => parseBulkRequest(bulk([], { failOnErrors })))).toBe('400 invalidSyntax');
    }
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
    for (const body of [null, {}, bulk({}), bulk(null), bulk([operation], { schemas: ['urn:x'] })]) {
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

  const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const made = (path: string, data: BulkOperation['data']): BulkOperation => ({
    method: 'POST',
    path,
    bulkId: 'x',
    ...(data !== undefined && { data }),
  });
  const patch = (path: string, ...Operations: JsonObject[]): BulkOperation => ({
    method: 'PATCH',
    path,
    data: { Operations },
  });

  it.each([
    ['a member', made('/Groups', { members: [{ value: 'bulkId:a', type: 'User' }] })],
    ['a single member in no list', made('/Groups', { Members: { value: 'bulkId:a' } })],
    ['a bare member', made('/Groups', { members: ['bulkId:a'] })],
    ['the URI of a member', made('/Groups', { members: [{ $ref: 'https://x.test/v2/Users/bulkId:a' }] })],
    ['a member below the core URN', made('/Groups', { [GROUP_URN]: { members: [{ value: 'bulkId:a' }] } })],
    ['a manager', made('/Users', { [ENTERPRISE]: { manager: { value: 'bulkId:a' } } })],
    ['a bare manager', made('/Users', { [ENTERPRISE]: { manager: 'bulkId:a' } })],
    ['a manager at a path', patch('/Users/1', { op: 'replace', path: `${ENTERPRISE}:manager`, value: 'bulkId:a' })],
    ['the value of one', patch('/Users/1', { op: 'add', path: 'manager.value', value: 'bulkId:a' })],
    ['a manager without path', patch('/Users/1', { op: 'add', value: { [`${ENTERPRISE}:manager`]: 'bulkId:a' } })],
    ['a container', patch('/Users/1', { op: 'add', path: ENTERPRISE, value: { manager: { value: 'bulkId:a' } } })],
    ['a member without path', patch('/Groups/1', { op: 'add', value: [{ members: [{ value: 'bulkId:a' }] }] })],
    ['a filter', patch('/Groups/1', { op: 'remove', path: 'members[value eq "bulkId:a"]' })],
    ['a filter as key', patch('/Groups/1', { op: 'add', value: { 'members[value eq "bulkId:a"].value': '1' } })],
  ])('are found in %s', (_where, referring) => {
    expect(findBulkIdReferences(referring)).toEqual(['a']);
    const { operation: resolved, unresolved } = resolveBulkIdReferences(referring, new Map([['a', '77']]));
    expect(unresolved).toEqual([]);
    expect(JSON.stringify(resolved)).toBe(JSON.stringify(referring).replace('bulkId:a', '77'));
  });

  it.each([
    ['a title', made('/Users', { title: 'bulkId:a', nickName: 'bulkId: the new scheme' })],
    ['the value of an e-mail', made('/Users', { emails: [{ value: 'bulkId:a' }], roles: ['bulkId:a'] })],
    ['what a group is called', made('/Groups', { displayName: 'bulkId:a', externalId: 'bulkId:a' })],
    ['what a member is called', made('/Groups', { members: [{ value: '1', display: 'bulkId:a' }] })],
    ['what is read-only', made('/Users', { groups: [{ value: 'bulkId:a' }], id: 'bulkId:a' })],
    ['what no schema knows', made('/Users', { 'urn:acme:1.0:Thing': { value: 'bulkId:a', path: 'x bulkId:a' } })],
    ['a title at a path', patch('/Users/1', { op: 'add', path: 'title', value: 'bulkId:a' })],
    ['a title without path', patch('/Users/1', { op: 'add', value: { title: 'bulkId:a' } })],
    ['a filter on other values', patch('/Users/1', { op: 'remove', path: 'emails[value eq "bulkId:a"]' })],
  ])('are none in %s, which is text', (_where, plain) => {
    expect(findBulkIdReferences(plain)).toEqual([]);
    expect(resolveBulkIdReferences(plain, new Map([['a', '77']])).operation).toEqual(plain);
    expect(omitBulkIdReferences(plain)).toEqual(plain);
  });

  it('can be left out with the values that they are', () => {
    const members: JsonValue[] = [
      { value: 'bulkId:a', type: 'User' },
      { value: '1' },
      'bulkId:b',
      { $ref: '/Users/bulkId:c' },
    ];
    const group = made('/Groups', { displayName: 'g', members });
    expect(omitBulkIdReferences(group).data).toEqual({ displayName: 'g', members: [{ value: '1' }] });
    const user = made('/Users', { [ENTERPRISE]: { manager: { value: 'bulkId:a' }, department: 'd' } });
    expect(omitBulkIdReferences(user).data).toEqual({ [ENTERPRISE]: { department: 'd' } });
  });

  it('put referenced operations first, and keep the order otherwise, in circles too', () => {
    expect(order([group('a', 'bulkId:b'), group('b', 'bulkId:c'), group('c'), group('d')])).toEqual([2, 1, 0, 3]);
    expect(order([group('a', 'bulkId:b'), group('b', 'bulkId:a')])).toEqual([1, 0]);
    expect(order([group('a', 'bulkId:a', 'bulkId:unknown')])).toEqual([0]);
  });

  it('may form a chain as long as the request', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => group(`${index}`, `bulkId:${index + 1}`));
    expect(order(chain)[0]).toBe(49_999);
  });

  it('reach no prototype', () => {
    const data = JSON.parse(
      '{"__proto__":{"members":"bulkId:a"},"members":{"__proto__":1,"value":"bulkId:a"}}',
    ) as BulkOperation['data'];
    const hostile: BulkOperation = {
      method: 'POST',
      path: '/Groups',
      bulkId: 'x',
      ...(data === undefined ? {} : { data }),
    };
    resolveBulkIdReferences(hostile, new Map([['a', '1']]));
    expect(({} as { members?: unknown }).members).toBeUndefined();
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
