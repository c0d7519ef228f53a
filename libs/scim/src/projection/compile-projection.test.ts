import { describe, expect, it } from 'vitest';
import { BADGE_SITE_URN, badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import type { ScimResource } from '../json';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { parseProjection } from './parse-projection';
import { compileProjection, needsAttribute } from './compile-projection';

const custom = 'urn:x:custom:2.0:User';
const user: ScimResource = {
  schemas: [USER_URN, ENTERPRISE_USER_URN, custom],
  id: '1',
  userName: 'x',
  name: { givenName: 'A', familyName: 'B' },
  emails: [{ value: 'a@x', type: 'work' }, { value: 'b@x' }],
  roles: ['admin'],
  tShirt: 'L',
  [ENTERPRISE_USER_URN]: { department: 'D', manager: { value: 'm', displayName: 'M' } },
  [custom]: { tag: 't', other: 'o' },
  meta: { resourceType: 'User', location: 'https://x/Users/1' },
};

const only = (...attributes: string[]) => {
  const { schemas: _schemas, id, ...rest } = compileProjection({ attributes }, userResourceType)(user);
  expect(id).toBe('1');
  return rest;
};
const without = (...excludedAttributes: string[]) => compileProjection({ excludedAttributes }, userResourceType)(user);

describe('compileProjection', () => {
  it('gives everything by default', () => {
    expect(compileProjection({}, userResourceType)(user)).toEqual(user);
  });

  it('gives only what is named, with id and schemas', () => {
    expect(only('USERNAME', 'name.givenName')).toEqual({ userName: 'x', name: { givenName: 'A' } });
    expect(only('emails.type')).toEqual({ emails: [{ type: 'work' }] });
    expect(only('emails', 'emails.type')).toEqual({ emails: user['emails'] });
    expect(only('roles.value')).toEqual({ roles: ['admin'] });
    expect(only('meta.location')).toEqual({ meta: { location: 'https://x/Users/1' } });
    expect(only('unknown', 'a.b.c', '')).toEqual({});
    expect(compileProjection({ attributes: ['userName'] }, userResourceType)(user)['schemas']).toEqual(user['schemas']);
  });

  it('finds attributes of extensions, whole containers and what no schema knows', () => {
    const container = { department: 'D' };
    expect(only(`${ENTERPRISE_USER_URN}:department`)).toEqual({ [ENTERPRISE_USER_URN]: container });
    expect(only('department')).toEqual({ [ENTERPRISE_USER_URN]: container });
    expect(only(ENTERPRISE_USER_URN)).toEqual({ [ENTERPRISE_USER_URN]: user[ENTERPRISE_USER_URN] });
    expect(only(`${ENTERPRISE_USER_URN}:manager.value`)).toEqual({
      [ENTERPRISE_USER_URN]: { manager: { value: 'm' } },
    });
    expect(only(`${USER_URN}:userName`)).toEqual({ userName: 'x' });
    expect(only(`${custom}:TAG`, 'tshirt')).toEqual({ [custom]: { tag: 't' }, tShirt: 'L' });
    expect(only(custom)).toEqual({ [custom]: user[custom] });
  });

  it('leaves out what is excluded, but never id and schemas', () => {
    const projected = without(
      'id',
      'schemas',
      'name.givenName',
      'emails.type',
      'roles',
      'tShirt',
      custom,
      'manager',
      'meta',
    );
    expect(projected).toEqual({
      schemas: user['schemas'],
      id: '1',
      userName: 'x',
      name: { familyName: 'B' },
      emails: [{ value: 'a@x' }, { value: 'b@x' }],
      [ENTERPRISE_USER_URN]: { department: 'D' },
    });
  });

  it('follows returned: always, never and request, of sub-attributes too', () => {
    const badge: ScimResource = {
      id: '1',
      serial: 'A',
      color: 'red',
      notes: 'n',
      secretHint: 's',
      doors: [{ value: 'd', code: 'c', audit: 'a' }],
      [BADGE_SITE_URN]: { site: 'Oslo' },
    };
    const project = (projection: object) => compileProjection(projection, badgeResourceType)(badge);
    const rest = { [BADGE_SITE_URN]: { site: 'Oslo' }, doors: [{ value: 'd' }] };
    expect(project({})).toEqual({ id: '1', serial: 'A', color: 'red', ...rest });
    expect(project({ excludedAttributes: ['color', 'serial'] })).toEqual({ id: '1', color: 'red', ...rest });
    expect(project({ attributes: ['notes', 'secretHint'] })).toEqual({ id: '1', color: 'red', notes: 'n' });
    expect(project({ attributes: ['doors.audit', 'doors.code'] })).toEqual({
      id: '1',
      color: 'red',
      doors: [{ audit: 'a' }],
    });
    expect(project({ attributes: ['doors'] })).toEqual({ id: '1', color: 'red', doors: [{ value: 'd' }] });
  });
});

describe('needsAttribute', () => {
  it('tells whether an attribute can be in the answer', () => {
    const needs = (projection: object) => needsAttribute(projection, 'members', groupResourceType);
    expect(needs({})).toBe(true);
    expect(needs({ attributes: ['displayName'] })).toBe(false);
    expect(needs({ attributes: ['Members'] })).toBe(true);
    expect(needs({ attributes: ['members.value'] })).toBe(true);
    expect(needs({ excludedAttributes: ['urn:ietf:params:scim:schemas:core:2.0:Group:members'] })).toBe(false);
    expect(needs({ excludedAttributes: ['members.display'] })).toBe(true);
  });
});

describe('parseProjection', () => {
  it('reads names from text or lists', () => {
    expect(parseProjection({ attributes: ' userName, emails ,' })).toEqual({ attributes: ['userName', 'emails'] });
    expect(parseProjection({ excludedAttributes: ['members', 'meta'] })).toEqual({
      excludedAttributes: ['members', 'meta'],
    });
    expect(parseProjection({ attributes: '' })).toEqual({});
  });

  it('refuses both lists at once, and what is no list of names, with 400 invalidValue', () => {
    expect(refusal(() => parseProjection({ attributes: 'a', excludedAttributes: 'b' }))).toBe('400 invalidValue');
    expect(refusal(() => parseProjection({ attributes: [5] }))).toBe('400 invalidValue');
  });

  it('refuses more than 100 names, or one of more than 256 characters, with 400 tooMany', () => {
    expect(parseProjection({ attributes: 'a,'.repeat(100) }).attributes).toHaveLength(100);
    expect(refusal(() => parseProjection({ attributes: 'a,'.repeat(101) }))).toBe('400 tooMany');
    expect(parseProjection({ excludedAttributes: 'a'.repeat(256) }).excludedAttributes).toHaveLength(1);
    expect(refusal(() => parseProjection({ excludedAttributes: 'a'.repeat(257) }))).toBe('400 tooMany');
  });
});
