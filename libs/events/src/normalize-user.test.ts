import { describe, expect, it } from 'vitest';
import { readResource, userResourceType } from '@rollcall/scim';
import type { AssignmentRules, NormalizeContext } from './change';
import { compileRules, NO_RULES } from './compile-rules';
import { normalizeUser } from './normalize-user';

const USER_ID = '01kahx0000000000000000a001';
const MANAGER_ID = '01kahx0000000000000000a002';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const context: NormalizeContext = {
  environmentId: '01kahx0000000000000000e001',
  organizationId: '01kahx0000000000000000r001',
  directoryId: '01kahx0000000000000000d001',
  rules: compileRules(NO_RULES),
};

function normalize(resource: Record<string, unknown>, overrides: Partial<AssignmentRules> = {}) {
  return normalizeUser(
    resource,
    { userId: USER_ID, groups: [], published: null },
    { ...context, rules: compileRules({ ...NO_RULES, ...overrides }) },
  );
}

const EVERY_KEY = (
  'id organization_id directory_id dp_id preferred_username email emails active name given_name family_name nickname ' +
  'picture phone_number address title user_type department division cost_center employee_id organization manager ' +
  'profile language locale zoneinfo groups roles custom_attributes raw_attributes'
).split(' ');

describe('normalizeUser', () => {
  it('has every key even when the identity provider sent nothing but a userName', () => {
    const data = normalize({ userName: 'jane' });
    expect(Object.keys(data)).toEqual(EVERY_KEY);
    expect(data).toEqual({
      ...Object.fromEntries(EVERY_KEY.map((key) => [key, null])),
      id: `diruser_${USER_ID}`,
      organization_id: `org_${context.organizationId}`,
      directory_id: `dir_${context.directoryId}`,
      preferred_username: 'jane',
      active: true,
      emails: [],
      groups: [],
      roles: [],
      custom_attributes: {},
      raw_attributes: { userName: 'jane' },
    });
  });

  it('takes each field from the attribute the contract names', () => {
    const data = normalize({
      externalId: '00u1',
      userName: 'jane@acme.com',
      displayName: 'Jane D.',
      name: { givenName: 'Jane', familyName: 'Doe', formatted: 'Dr. Jane Doe' },
      nickName: 'JD',
      active: false,
      title: 'Engineer',
      userType: 'Employee',
      profileUrl: 'https://acme.com/jane',
      preferredLanguage: 'en',
      locale: 'en-US',
      timezone: 'America/New_York',
      emails: [{ value: 'jane@acme.com', type: 'work', primary: true }, { value: 'jane@home.org' }],
      photos: [
        { value: 'https://acme.com/thumb.png', type: 'thumbnail' },
        { value: 'https://acme.com/p.png', type: 'photo' },
      ],
      phoneNumbers: [
        { value: '+1 2', type: 'mobile' },
        { value: '+1 1', type: 'work' },
      ],
      addresses: [
        { type: 'home', locality: 'Elsewhere' },
        {
          type: 'work',
          formatted: 'F',
          streetAddress: 'S',
          locality: 'L',
          region: 'R',
          postalCode: 'P',
          country: 'US',
        },
      ],
      [ENTERPRISE]: {
        employeeNumber: '701984',
        department: 'Tour Operations',
        division: 'Theme Park',
        costCenter: '4130',
        organization: 'Universal',
        manager: { value: MANAGER_ID, displayName: 'John Smith' },
      },
    });
    expect(data).toMatchObject({
      dp_id: '00u1',
      preferred_username: 'jane@acme.com',
      email: 'jane@acme.com',
      emails: [
        { value: 'jane@acme.com', type: 'work', primary: true },
        { value: 'jane@home.org', type: null, primary: false },
      ],
      active: false,
      name: 'Jane D.',
      given_name: 'Jane',
      family_name: 'Doe',
      nickname: 'JD',
      picture: 'https://acme.com/p.png',
      phone_number: '+1 1',
      address: {
        formatted: 'F',
        street_address: 'S',
        locality: 'L',
        region: 'R',
        state: 'R',
        postal_code: 'P',
        country: 'US',
      },
      title: 'Engineer',
      user_type: 'Employee',
      department: 'Tour Operations',
      division: 'Theme Park',
      cost_center: '4130',
      employee_id: '701984',
      organization: 'Universal',
      manager: { id: `diruser_${MANAGER_ID}`, value: MANAGER_ID, display_name: 'John Smith' },
      profile: 'https://acme.com/jane',
      language: 'en',
      locale: 'en-US',
      zoneinfo: 'America/New_York',
    });
  });

  it.each([
    ['given and family name', { name: { givenName: 'A', familyName: 'B', formatted: 'F' } }, 'A B'],
    ['name.formatted', { name: { formatted: 'F' } }, 'F'],
    ['the one name there is', { name: { familyName: 'B' } }, 'B'],
    ['nothing', { name: {} }, null],
  ])('names a user without displayName by %s', (_, resource, expected) => {
    expect(normalize({ userName: 'u', ...resource }).name).toBe(expected);
  });

  it.each([
    [
      'the primary',
      [
        { value: '1', type: 'work' },
        { value: '2', type: 'other', primary: true },
      ],
      '2',
    ],
    [
      'work before mobile',
      [
        { value: '1', type: 'mobile' },
        { value: '2', type: 'Work' },
      ],
      '2',
    ],
    [
      'mobile before the first',
      [
        { value: '1', type: 'home' },
        { value: '2', type: 'mobile' },
      ],
      '2',
    ],
    ['the first', [{ value: '1', type: 'home' }, { value: '2' }], '1'],
    ['one with a value', [{ value: '', type: 'work' }, { value: '2' }], '2'],
  ])('chooses %s as the phone number', (_, phoneNumbers, expected) => {
    expect(normalize({ userName: 'u', phoneNumbers }).phone_number).toBe(expected);
  });

  it('keeps id, meta, groups and password out of raw_attributes and everything else in', () => {
    const unknown = { badge: '42', 'urn:acme:User': { shirt: ['L'] } };
    const data = normalize({ id: 'x', meta: {}, groups: [{}], Password: 'secret', userName: 'u', ...unknown });
    expect(data.raw_attributes).toEqual({ userName: 'u', ...unknown });
    expect(JSON.stringify(data)).not.toContain('secret');
  });

  it('calls a manager by the name that the directory has for the user, and others by the name that was sent', () => {
    const names = new Map([[MANAGER_ID, 'Ada Boss']]);
    const managerOf = (manager: unknown) =>
      normalizeUser(
        { userName: 'u', [ENTERPRISE]: { manager } },
        { userId: USER_ID, groups: [], published: null, managerOf: (id) => ({ name: names.get(id) ?? null }) },
        context,
      ).manager?.display_name;
    expect(managerOf({ value: MANAGER_ID })).toBe('Ada Boss');
    expect(managerOf({ value: MANAGER_ID, displayName: 'Sent' })).toBe('Ada Boss');
    expect(managerOf({ value: USER_ID, displayName: 'Sent' })).toBe('Sent');
    expect(managerOf({ value: 'ext-77', displayName: 'Outside Boss' })).toBe('Outside Boss');
    expect(managerOf({ value: 'ext-77' })).toBeNull();
  });

  it('reads a manager sent as a bare string, and leaves the id null when it names no directory user', () => {
    expect(normalize({ userName: 'u', [ENTERPRISE]: { manager: 'boss@acme.com' } }).manager).toEqual({
      id: null,
      value: 'boss@acme.com',
      display_name: null,
    });
  });

  it('reads the enterprise extension under the URN of earlier drafts, too', () => {
    const sent = { userName: 'u', 'urn:scim:schemas:extension:enterprise:2.0': { Department: 'Ops' } };
    expect(normalize(readResource(sent, userResourceType).resource).department).toBe('Ops');
  });

  it('survives attributes of any shape', () => {
    const shapes = [1, true, 'text', [], [null], [[]], {}, { value: {} }, [{ value: [] }]];
    const names = ['name', 'emails', 'photos', 'phoneNumbers', 'addresses', 'roles', 'active', 'title', ENTERPRISE];
    for (const shape of shapes) {
      const resource = Object.fromEntries(names.map((name) => [name, shape]));
      expect(Object.keys(normalize({ userName: 'u', ...resource }))).toEqual(EVERY_KEY);
    }
  });

  it.each([
    ['https://acme.example/ada.png', true],
    ['HTTP://acme.example/ada', true],
    ['acme.example/ada', true],
    ['/people/ada', true],
    ['javascript:alert(1)', false],
    [' java\tscript:alert(1)', false],
    ['\u0001JavaScript:alert(1)', false],
    ['vbscript:x', false],
    ['data:text/html,<script>', false],
  ])('takes %j as the address of a picture or profile: %j', (address, isTaken) => {
    const data = normalize({ userName: 'u', profileUrl: address, photos: [{ value: address }] });
    expect([data.profile, data.picture]).toEqual(isTaken ? [address, address] : [null, null]);
    expect(data.raw_attributes['profileUrl']).toBe(address);
  });

  it('maps SCIM paths to custom attributes and leaves out what the user does not have', () => {
    const data = normalize(
      { userName: 'u', nickName: 'N', emails: [{ value: 'a@b.c', type: 'home' }] },
      {
        attributeMappings: [
          { key: 'emails[type eq "home"].value', map_to: 'private_email' },
          { key: 'title', map_to: 'job' },
          { key: 'nickName', map_to: '__proto__' },
        ],
      },
    );
    expect(JSON.stringify(data.custom_attributes)).toBe('{"private_email":"a@b.c","__proto__":"N"}');
    expect(Object.getPrototypeOf(data.custom_attributes)).toBe(Object.prototype);
  });

  it('lists groups in the order given, and takes their roles in order of precedence', () => {
    const groups = [
      { id: 'g1', name: 'Staff' },
      { id: 'g2', name: 'Admins' },
    ];
    const assignments = [
      { group_id: 'g2', role_name: 'admin' },
      { group_id: 'g3', role_name: 'owner' },
      { group_id: 'g1', role_name: 'member' },
    ];
    const data = normalizeUser(
      { userName: 'u' },
      { userId: USER_ID, groups, published: null },
      { ...context, rules: compileRules({ ...NO_RULES, assignments, defaultRole: 'viewer' }) },
    );
    expect(data.groups).toEqual([
      { id: 'dirgroup_g1', name: 'Staff' },
      { id: 'dirgroup_g2', name: 'Admins' },
    ]);
    expect(data.roles).toEqual([{ role_name: 'admin' }, { role_name: 'member' }]);
  });
});
