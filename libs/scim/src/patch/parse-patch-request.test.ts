import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { PATCH_OP_URN, parsePatchRequest } from './parse-patch-request';

const request = (...Operations: unknown[]) => ({ schemas: [PATCH_OP_URN], Operations });

describe('parsePatchRequest', () => {
  it('reads operations in any case and tells no value from null', () => {
    const body = { Schemas: [PATCH_OP_URN.toUpperCase()], operations: [{ OP: 'Add', Path: ' title ', Value: null }] };
    expect(parsePatchRequest(body)).toEqual([{ op: 'add', path: 'title', value: null }]);
    expect(parsePatchRequest(request({ op: 'REMOVE', path: 'title' }))).toEqual([{ op: 'remove', path: 'title' }]);
  });

  it('needs neither schemas nor operations, only the list of them', () => {
    const Operations = [{ op: 'add', value: {} }];
    for (const schemas of [undefined, null, []]) expect(parsePatchRequest({ schemas, Operations })).toEqual(Operations);
    expect(parsePatchRequest({ Operations })).toEqual(Operations);
    expect(parsePatchRequest({ Operations: [] })).toEqual([]);
  });

  it('takes a null or empty path as none', () => {
    const operations = parsePatchRequest(
      request({ op: 'add', path: null, value: {} }, { op: 'add', path: '', value: {} }),
    );
    expect(operations).toEqual([
      { op: 'add', value: {} },
      { op: 'add', value: {} },
    ]);
  });

  it.each([
    null,
    [],
    {},
    { schemas: [PATCH_OP_URN] },
    { schemas: [PATCH_OP_URN], Operations: { op: 'add' } },
    { schemas: PATCH_OP_URN, Operations: [{ op: 'add', value: {} }] },
    { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], Operations: [{ op: 'add', value: {} }] },
    request('add'),
    request({ op: 'move', path: 'a' }),
    request({ path: 'a', value: 1 }),
    request({ op: 'add', path: 5, value: 1 }),
  ])('refuses %j with 400 invalidSyntax', (body) => {
    expect(refusal(() => parsePatchRequest(body))).toBe('400 invalidSyntax');
  });
});
