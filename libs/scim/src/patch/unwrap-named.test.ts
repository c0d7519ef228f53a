import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import type { JsonValue } from '../json';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { applyPatch } from './apply-patch';
import type { PatchOperation } from './parse-patch-request';
import { planGroupPatch } from './plan-group-patch';

const user = readResource(
  {
    userName: 'u',
    active: true,
    name: { givenName: 'A', familyName: 'B' },
    emails: [
      { value: 'w@x', type: 'work' },
      { value: 'h@x', type: 'home' },
    ],
    [ENTERPRISE_USER_URN]: { manager: { value: 'm' } },
  },
  userResourceType,
).resource;

const patch = (operation: PatchOperation) => applyPatch(user, [operation], userResourceType, { strict: true }).resource;
const plan = (operation: PatchOperation) => planGroupPatch([operation], groupResourceType).membership;

describe('a value under the name that the path has already', () => {
  it.each(['members', 'MEMBERS', 'urn:ietf:params:scim:schemas:core:2.0:Group:members'])(
    'names members of %s',
    (path) => {
      for (const op of ['add', 'remove', 'replace'] as const) {
        const value = [{ value: 'a' }, { value: 'b' }];
        const expected = plan({ op, path, value });
        expect(plan({ op, path, value: { members: value } })).toEqual(expected);
        expect(plan({ op, path, value: [{ Members: value }] })).toEqual(expected);
        expect(plan({ op, value: { members: { members: value } } })).toEqual(op === 'remove' ? [] : expected);
      }
      expect(plan({ op: 'remove', path, value: { members: [] } })).toEqual([]);
      expect(plan({ op: 'replace', path, value: { members: [] } })).toEqual([{ kind: 'removeAll' }]);
    },
  );

  it.each<[PatchOperation['op'], string, string, JsonValue]>([
    ['replace', 'active', 'active', false],
    ['replace', 'name', 'name', { givenName: 'C' }],
    ['replace', 'name.givenName', 'givenName', 'C'],
    ['add', 'emails', 'emails', [{ value: 'o@x' }]],
    ['remove', 'emails', 'emails', [{ value: 'h@x' }]],
    ['replace', 'emails[type eq "work"].value', 'value', 'n@x'],
    ['replace', `${ENTERPRISE_USER_URN}:manager`, 'manager', { value: 'n' }],
    ['replace', `${ENTERPRISE_USER_URN}:manager`, 'manager', null],
  ])('means the value alone: %s %s {%j: %j}', (op, path, name, value) => {
    expect(patch({ op, path, value: { [name]: value } })).toEqual(patch({ op, path, value }));
    expect(patch({ op, path, value: { [name]: value } })).not.toEqual(user);
  });

  it('never empties a group whose members nobody named', () => {
    for (const value of [{ members: null }, [{ members: null }]]) {
      expect(() => plan({ op: 'remove', path: 'members', value })).toThrow(/has no id/);
    }
  });

  it('is taken as it is where it may mean something else', () => {
    expect(patch({ op: 'add', path: 'shoe', value: { shoe: 39 } })['shoe']).toEqual({ shoe: 39 });
    expect(refusal(() => plan({ op: 'remove', path: 'members', value: { members: [{ value: 'a' }], id: 'g' } }))).toBe(
      '400 invalidValue',
    );
  });
});
