import { describe, expect, it } from 'vitest';
import { BADGE_SITE_URN, badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import type { ScimResource } from '../json';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { parseProjection } from './parse-projection';
import { needsAttribute, projectResource } from './project-resource';

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
  const { schemas: _schemas, id, ...rest } = projectResource(user, { attributes }, userResourceType);
  expect(id).toBe('1');
  return rest;
};
const without = (...excludedAttributes: string[]) => projectResource(user, { excludedAttributes }, userResourceType);

describe('projectResource', () => {
  it('gives everything by default', () => {
    expect(projectResource(user, {}, userResourceType)).toEqual(user);
  });

  it('gives only what is named, with id and schemas', () => {
    expect(only('USERNAME', 'name.givenName')).toEqual({ userName: 'x', name: { givenName: 'A' } });
    expect(only('emails.type')).toEqual({ emails: [{ type: 'work' }] });
    expect(only('emails', 'emails.type')).toEqual({ emails: user['emails'] });
    expect(only('roles.value')).toEqual({ roles: ['admin'] });
    expect(only('meta.location')).toEqual({ meta: { location: 'https://x/Users/1' } });
    expect(only('unknown', 'a.b.c', '')).toEqual({});
    expect(projectResource(user, { attributes: ['userName'] }, userResourceType)['schemas']).toEqual(user['schemas']);
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
    const project = (projection: object) => projectResource(badge, projection, badgeResourceType);
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
    expect(refusal(() => parseProjection({ attributes: 'a,'.repeat(501) }))).toBe('400 invalidValue');
  });
});
