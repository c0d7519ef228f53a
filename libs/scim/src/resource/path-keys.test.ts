import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import type { JsonObject, JsonValue } from '../json';
import { applyPatch } from '../patch/apply-patch';
import type { PatchOperation } from '../patch/parse-patch-request';
import { planGroupPatch } from '../patch/plan-group-patch';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { GROUP_URN } from '../schema/group-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { readResource } from './read-resource';

const ACME = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';

const post = (body: JsonObject): JsonObject => readResource({ userName: 'u', ...body }, userResourceType).resource;

function patch(...operations: PatchOperation[]): JsonObject {
  return applyPatch(post({}), operations, userResourceType, { strict: false }).resource;
}

/** Paths as keys, and what they come to. */
const KEYS: [string, JsonValue, JsonObject][] = [
  ['name.givenName', 'A', { name: { givenName: 'A' } }],
  ['NAME.GIVENNAME', 'A', { name: { givenName: 'A' } }],
  [`${ENTERPRISE_USER_URN}:department`, 'Ops', { [ENTERPRISE_USER_URN]: { department: 'Ops' } }],
  [`${ENTERPRISE_USER_URN}.department`, 'Ops', { [ENTERPRISE_USER_URN]: { department: 'Ops' } }],
  [`${ENTERPRISE_USER_URN}:manager`, { value: 'm' }, { [ENTERPRISE_USER_URN]: { manager: { value: 'm' } } }],
  [`${ENTERPRISE_USER_URN}:manager.value`, 'm', { [ENTERPRISE_USER_URN]: { manager: { value: 'm' } } }],
  [`${ENTERPRISE_USER_URN}.manager.value`, 'm', { [ENTERPRISE_USER_URN]: { manager: { value: 'm' } } }],
  ['manager.value', 'm', { [ENTERPRISE_USER_URN]: { manager: { value: 'm' } } }],
  [`${ENTERPRISE_USER_URN}:badge`, { no: 7 }, { [ENTERPRISE_USER_URN]: { badge: { no: 7 } } }],
  [`${USER_URN}:title`, 'Boss', { title: 'Boss' }],
  [`${USER_URN}.name.familyName`, 'B', { name: { familyName: 'B' } }],
  ['urn:scim:schemas:extension:enterprise:2.0:division', 'D', { [ENTERPRISE_USER_URN]: { division: 'D' } }],
  ['emails[type eq "work"].value', 'a@x', { emails: [{ type: 'work', value: 'a@x' }] }],
  [`${ACME}:badge`, 7, { [ACME]: { badge: 7 } }],
  [`${ACME}.badge`, 7, { [ACME]: { badge: 7 } }],
  [`${ACME}:badge.no`, 7, { [ACME]: { badge: { no: 7 } } }],
];

describe('a key that is a path', () => {
  it.each(KEYS)('is applied in a POST and in a PATCH: %s', (key, value, expected) => {
    const { schemas, ...read } = post({ [key]: value });
    expect(read).toEqual({ userName: 'u', ...expected });
    expect(schemas).toEqual([USER_URN, ...Object.keys(expected).filter((urn) => urn.startsWith('urn:'))]);
    for (const op of ['add', 'replace'] as const) {
      expect(patch({ op, value: { [key]: value } })).toEqual({ schemas, ...read });
    }
  });

  it.each(KEYS.filter(([key]) => !key.startsWith(ACME)))('means the same as a path: %s', (path, value) => {
    expect(patch({ op: 'add', path, value })).toEqual(post({ [path]: value }));
  });

  it('joins what other keys say, in whatever order they come; what one of these says itself counts', () => {
    const keys = fc.shuffledSubarray<[string, JsonValue]>(
      [
        ['name', { familyName: 'B', givenName: 'A' }],
        ['name.givenName', 'other'],
        [ENTERPRISE_USER_URN, { division: 'D', 'manager.value': 'm' }],
        [`${ENTERPRISE_USER_URN}.department`, 'Ops'],
        [USER_URN, { title: 'Boss', 'name.middleName': 'M' }],
      ],
      { minLength: 5 },
    );
    const resource = post({
      name: { familyName: 'B', givenName: 'A', middleName: 'M' },
      title: 'Boss',
      [ENTERPRISE_USER_URN]: { division: 'D', department: 'Ops', manager: { value: 'm' } },
    });
    fc.assert(
      fc.property(keys, (entries) => {
        expect(post(Object.fromEntries(entries))).toEqual(resource);
      }),
    );
  });

  it('never gives access back to a user whom a plain key takes it from', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([`${USER_URN}:active`, `${USER_URN}.active`, 'active'], { minLength: 3 }),
        (keys) => {
          expect(post(Object.fromEntries(keys.map((key) => [key, key !== 'active'])))['active']).toBe(false);
        },
      ),
    );
  });

  it('gives the required name, the password and the members', () => {
    const body = { [`${USER_URN}:userName`]: 'u', [`${USER_URN}:password`]: 'secret', [`${USER_URN}.id`]: 'mine' };
    expect(readResource(body, userResourceType)).toEqual({
      resource: { schemas: [USER_URN], userName: 'u' },
      password: 'secret',
    });
    for (const key of [`${GROUP_URN}:members`, `${GROUP_URN}.members`]) {
      const group = { displayName: 'g', [key]: [{ value: 'a' }] };
      expect(readResource(group, groupResourceType)).toMatchObject({ members: ['a'] });
      expect(planGroupPatch([{ op: 'add', value: { [key]: [{ value: 'a' }] } }], groupResourceType)).toMatchObject({
        attributeOperations: [],
        membership: [{ kind: 'add', members: ['a'] }],
      });
    }
  });

  it.each([
    'name.given.name',
    'userName.first',
    'emails[',
    'name.',
    `${ENTERPRISE_USER_URN}.`,
    `${ENTERPRISE_USER_URN}:a.b.c`,
    `${USER_URN}.nope.sub`,
  ])('is refused and never stored when it leads nowhere: %s', (path) => {
    const refused = /^400 invalid(Path|Filter)$/;
    expect(refusal(() => post({ [path]: 'x' }))).toMatch(refused);
    expect(refusal(() => patch({ op: 'add', path, value: 'x' }))).toMatch(refused);
    expect(refusal(() => patch({ op: 'replace', value: { [path]: 'x' } }))).toMatch(refused);
  });

  it.each(['nope.sub', 'nope[type eq "work"].value'])(
    'of a PATCH leads into an attribute that no schema knows only where the resource has it: %s',
    (path) => {
      expect(refusal(() => patch({ op: 'add', path, value: 'x' }))).toBe('400 invalidPath');
      expect(refusal(() => patch({ op: 'replace', value: { [path]: 'x' } }))).toBe('400 invalidPath');
      expect(patch({ op: 'remove', path })).toEqual(post({}));
      const operation: PatchOperation = { op: 'add', path, value: 'x' };
      const held = applyPatch(post({ nope: [{ type: 'work' }] }), [operation], userResourceType, { strict: false });
      expect(held.changed).toBe(true);
    },
  );

  it.each([
    'favoriteColor',
    'custom.field',
    'custom[0]',
    'Dept. No',
    'jane@example.com',
    'http://example.com/level',
    'ns:level',
    'urn:acme:level',
    '.x',
  ])('is not meant by another odd name, which is kept as sent: %s', (name) => {
    expect(post({ [name]: 'x' })[name]).toBe('x');
  });

  it('is not meant by the URN of an extension that no schema describes', () => {
    for (const container of [ACME, 'urn:okta:custom:1.0:user', 'urn:acme.v1:user']) {
      expect(post({ [container]: { 'a.b': 1 } })[container]).toEqual({ 'a.b': 1 });
    }
  });

  it('costs what a PATCH may cost', () => {
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`emails[value eq "${n}"].type`, 'work']));
    expect(refusal(() => post(many))).toBe('413');
    const longList = Array.from({ length: 5_000 }, (_, n) => ({ value: `v${n}` }));
    const dear = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`emails[value eq "${n}"].type`, 'work']));
    expect(refusal(() => post({ emails: longList, ...dear }))).toBe('400 tooMany');
  });
});
