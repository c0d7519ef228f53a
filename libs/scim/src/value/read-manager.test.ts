import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import type { JsonValue } from '../json';
import { applyPatch } from '../patch/apply-patch';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { userResourceType } from '../schema/resource-types';

const post = (manager: JsonValue) =>
  readResource({ userName: 'u', [ENTERPRISE_USER_URN]: { manager } }, userResourceType).resource;
const managerOf = (resource: object): unknown =>
  (resource as { [ENTERPRISE_USER_URN]?: { manager?: unknown } })[ENTERPRISE_USER_URN]?.manager;

function patch(before: JsonValue, path: string, value: JsonValue): unknown {
  const operation = { op: 'replace' as const, path, value };
  return managerOf(applyPatch(post(before), [operation], userResourceType, { strict: false }).resource);
}

describe('a manager', () => {
  it.each([
    [{ managerId: 'boss' }, { value: 'boss' }],
    [
      { MANAGERID: 'boss', displayName: 'Boss' },
      { value: 'boss', displayName: 'Boss' },
    ],
    [{ managerId: 'other', value: 'boss' }, { value: 'boss' }],
    [{ value: 'boss', managerId: 'other' }, { value: 'boss' }],
    [{ value: null, managerId: 'boss' }, { value: 'boss' }],
    [
      { value: 'boss', displayName: 'Boss' },
      { value: 'boss', displayName: 'Boss' },
    ],
    [{ $ref: '../Users/boss' }, { $ref: '../Users/boss' }],
    ['boss', { value: 'boss' }],
    [{ managerId: '' }, undefined],
  ])('is read from %j', (sent, read) => {
    expect(managerOf(post(sent))).toEqual(read);
  });

  it.each([
    ['manager', { managerId: 'b' }, { value: 'b' }],
    ['manager.managerId', 'b', { value: 'b' }],
    [`${ENTERPRISE_USER_URN}:manager.managerId`, 'b', { value: 'b' }],
    ['manager', { value: 'b', managerId: null }, { value: 'b' }],
    ['manager', { managerId: '' }, undefined],
    ['manager', { value: 'a', displayName: 'New Name' }, { value: 'a', displayName: 'New Name' }],
    ['manager', { value: 'a' }, { value: 'a', displayName: 'Boss' }],
    ['manager', { value: 'b' }, { value: 'b' }],
    ['manager', { value: 'a', displayName: null }, { value: 'a' }],
    ['manager.$ref', '../Users/b', { $ref: '../Users/b' }],
    ['manager.$ref', '../Users/a', { value: 'a', displayName: 'Boss', $ref: '../Users/a' }],
    [
      'manager',
      { $ref: 'https://x.test/Users/a' },
      { value: 'a', displayName: 'Boss', $ref: 'https://x.test/Users/a' },
    ],
  ])('becomes by a PATCH of %s to %j what it says', (path, value, result) => {
    expect(patch({ value: 'a', displayName: 'Boss' }, path, value)).toEqual(result);
  });

  it('has a displayName that is read-only to a PATCH aimed at it (RFC 7643 §8.7.1)', () => {
    const aimed = () => patch({ value: 'a' }, `${ENTERPRISE_USER_URN}:manager.displayName`, 'X');
    expect(refusal(aimed)).toBe('400 mutability');
  });
});
