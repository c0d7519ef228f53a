import { describe, expect, it } from 'vitest';
import { BADGE_SITE_URN, badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import type { ScimResource } from '../json';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { userResourceType } from '../schema/resource-types';
import { evaluateFilter } from './evaluate-filter';
import { parseFilter } from './parse-filter';

const user: ScimResource = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE_USER_URN],
  id: 'aB1',
  externalId: 'Ext-1',
  userName: 'BJensen@example.com',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  title: '',
  active: true,
  emails: [
    { value: 'bjensen@example.com', type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home' },
  ],
  roles: ['admin', { value: 'billing', type: 'app' }],
  favoriteColor: 'Blue',
  lockers: [{ value: 'L1', floor: 3 }],
  meta: { lastModified: '2026-05-13T04:42:34Z' },
  [ENTERPRISE_USER_URN]: { department: 'Sales', manager: { value: 'mgr1' } },
};

const matches = (text: string, resource = user, type = userResourceType) =>
  evaluateFilter(parseFilter(text), resource, type);

describe('evaluateFilter', () => {
  it.each([
    // case
    ['userName eq "bjensen@EXAMPLE.com"', true],
    ['USERNAME sw "BJENSEN"', true],
    ['externalId eq "Ext-1"', true],
    ['externalId eq "ext-1"', false],
    ['id eq "ab1"', false],
    // operators
    ['userName ne "other"', true],
    ['userName co "jensen@"', true],
    ['userName ew ".com"', true],
    ['userName gt "a"', true],
    ['userName lt "a"', false],
    // presence
    ['title pr', false],
    ['nickName pr', false],
    ['emails pr', true],
    ['name pr', true],
    ['addresses pr', false],
    ['nickName eq null', true],
    ['userName eq null', false],
    ['userName ne null', true],
    ['nickName ne "x"', true],
    ['nickName eq "x"', false],
    ['nickName gt "x"', false],
    // booleans
    ['active eq true', true],
    ['active eq "True"', true],
    ['active ne false', true],
    // sub-attributes, qualified names, extensions
    ['name.familyName eq "jensen"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:name.familyName eq "jensen"', true],
    [`${ENTERPRISE_USER_URN}:department eq "sales"`, true],
    [`${ENTERPRISE_USER_URN.toUpperCase()}:DEPARTMENT eq "sales"`, true],
    [`${ENTERPRISE_USER_URN}:manager.value eq "mgr1"`, true],
    [`${ENTERPRISE_USER_URN}:manager eq "mgr1"`, true],
    ['manager eq "mgr1"', true],
    ['department eq "Sales"', true],
    // several values
    ['emails eq "babs@home.example"', true],
    ['emails co "example"', true],
    ['emails.type eq "home"', true],
    ['emails[type eq "work" and value co "@example.com"]', true],
    ['emails[type eq "home" and value co "@example.com"]', false],
    ['emails[type eq "work"].value eq "BJENSEN@example.com"', true],
    ['emails[type eq "work"].value eq "babs@home.example"', false],
    ['emails[not (type eq "work")]', true],
    ['emails[primary eq "True"]', true],
    ['roles eq "ADMIN"', true],
    ['roles[value eq "admin"]', true],
    ['roles[type eq "app"].value eq "billing"', true],
    // time
    ['meta.lastModified gt "2026-05-13T04:42:33Z"', true],
    ['meta.lastModified eq "2026-05-13T06:42:34+02:00"', true],
    ['meta.lastModified lt "2026-05-13T04:42:34.001Z"', true],
    // attributes that no schema knows
    ['favoriteColor eq "blue"', true],
    ['FAVORITECOLOR eq "blue"', true],
    ['lockers[floor ge 3]', true],
    ['lockers.value eq "l1"', true],
    ['toString pr', false],
    ['shoeSize eq 42', false],
    // logic
    ['not (userName eq "x")', true],
    ['userName eq "x" or active eq true and title pr', false],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"', true],
  ])('%s is %s', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it.each([
    'active gt true',
    'active eq "yes"',
    'active co "t"',
    'name eq "Barbara"',
    'addresses eq "x"',
    'userName eq 5',
    'userName gt true',
    'userName gt null',
    'meta.lastModified gt "yesterday"',
    'urn:ietf:params:scim:schemas:core:2.0:User eq "x"',
    'userName.first eq "x"',
    'a.b.c eq "x"',
    'favoriteColor co 5',
    'favoriteColor gt true',
    'x509Certificates.value gt "x"',
    '__proto__ pr',
    'name.constructor pr',
    'emails[__proto__ pr]',
    'emails[a.b pr]',
    'emails.value[type eq "x"]',
    '/userName eq "x"',
  ])('refuses %j with 400 invalidFilter', (text) => {
    expect(refusal(() => matches(text))).toBe('400 invalidFilter');
  });

  it('refuses a filter on what is never disclosed with 403 sensitive', () => {
    expect(refusal(() => matches('password eq "x"'))).toBe('403 sensitive');
    expect(refusal(() => matches('doors[code eq "x"]', user, badgeResourceType))).toBe('403 sensitive');
  });

  it('compares every type of a custom resource type', () => {
    const badge: ScimResource = {
      serial: 'A1',
      level: 3,
      weight: 1.5,
      chip: 'QUJD',
      validUntil: '2026-01-01T00:00:00Z',
      tags: ['Red', 'Blue'],
      codes: [7, 8],
      [BADGE_SITE_URN]: { site: 'Oslo' },
    };
    const holds = (text: string) => matches(text, badge, badgeResourceType);
    expect(holds('level ge 3 and weight lt 2')).toBe(true);
    expect(holds('serial eq "a1"')).toBe(false);
    expect(holds('chip eq "QUJD"')).toBe(true);
    expect(holds('chip eq "qujd"')).toBe(false);
    expect(holds('tags eq "blue"')).toBe(true);
    expect(holds('tags[value sw "bl"]')).toBe(true);
    expect(holds('codes eq 8')).toBe(true);
    expect(holds('validUntil le "2026-01-01T01:00:00+01:00"')).toBe(true);
    expect(holds('site eq "oslo"')).toBe(true);
    expect(refusal(() => holds('level co "3"'))).toBe('400 invalidFilter');
    expect(refusal(() => holds('chip gt "A"'))).toBe('400 invalidFilter');
  });
});
