import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { applyPatch } from './apply-patch';
import type { PatchOperation } from './parse-patch-request';
import { planGroupPatch } from './plan-group-patch';

const user = readResource(
  {
    userName: 'u',
    emails: [{ value: 'w@x', type: 'work' }],
    roles: ['admin'],
    shoe: [{ size: 39 }],
    [ENTERPRISE_USER_URN]: { manager: { value: 'm' } },
  },
  userResourceType,
).resource;

const patch = (operation: PatchOperation, strict: boolean) =>
  applyPatch(user, [operation], userResourceType, { strict });

/** Value paths that select nothing of the user. */
const unmatched = fc.constantFrom(
  'emails[type eq "home"]',
  'emails[type eq "home"].value',
  'emails[value eq "w@x" and type eq "home"]',
  'phoneNumbers[type eq "work"]',
  'phoneNumbers[type eq "work"].value',
  'roles[value eq "owner"]',
  'shoe[size eq 40]',
  'hat[size eq 40].color',
  'manager[value eq "n"]',
);
const removal = fc.oneof(
  unmatched.map((path): PatchOperation => ({ op: 'remove', path })),
  unmatched
    .filter((path) => !path.startsWith('hat'))
    .map((path): PatchOperation => ({ op: 'replace', path, value: null })),
);

describe('a removal whose filter selects nothing', () => {
  it('is refused with noTarget in a strict directory (RFC 7644 §3.12), and changes nothing in another', () => {
    fc.assert(
      fc.property(removal, (operation) => {
        expect(refusal(() => patch(operation, true))).toBe('400 noTarget');
        expect(patch(operation, false)).toEqual({ resource: user, changed: false });
      }),
    );
  });

  it.each<PatchOperation>([
    { op: 'remove', path: 'emails[type eq "work"]' },
    { op: 'remove', path: 'emails[type eq "WORK"].display' },
    { op: 'remove', path: 'roles[value eq "admin"]' },
    { op: 'remove', path: 'title' },
    { op: 'remove', path: 'phoneNumbers' },
    { op: 'remove', path: 'emails', value: [{ value: 'other@x' }] },
    { op: 'replace', path: 'title', value: null },
  ])('is not what %j is', (operation) => {
    expect(patch(operation, true)).toEqual(patch(operation, false));
  });
});

describe('a removal of the value of a selected member', () => {
  it.each<PatchOperation>([
    { op: 'replace', path: 'members[value eq "a"].value', value: null },
    { op: 'remove', path: 'members[value eq "a"].value' },
    { op: 'replace', value: { 'members[value eq "a"].value': null } },
  ])('is told apart, for a strict directory to refuse it with mutability (RFC 7644 §3.5.2.2): %j', (operation) => {
    expect(planGroupPatch([operation], groupResourceType).strictRefusal).toMatchObject({ scimType: 'mutability' });
  });

  it.each<PatchOperation>([
    { op: 'remove', path: 'members[value eq "a"]' },
    { op: 'remove', path: 'members', value: [{ value: 'a', $ref: null }] },
    { op: 'remove', path: 'members' },
    { op: 'replace', path: 'members', value: [] },
    { op: 'replace', path: 'members[value eq "a"]', value: null },
    { op: 'replace', path: 'members[value eq "a"].value', value: 'b' },
  ])('is not what identity providers send: %j', (operation) => {
    expect(planGroupPatch([operation], groupResourceType).strictRefusal).toBeUndefined();
  });
});
