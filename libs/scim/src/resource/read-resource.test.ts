import { describe, expect, it } from 'vitest';
import { BADGE_SITE_URN, BADGE_URN, badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { GROUP_URN } from '../schema/group-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { readResource } from './read-resource';

const readUser = (body: unknown) => readResource(body, userResourceType).resource;
const readBadge = (body: object) =>
  readResource({ serial: 'A1', [BADGE_SITE_URN]: { site: 'Oslo' }, ...body }, badgeResourceType);

describe('readResource', () => {
  it('writes names in schema case and computes schemas from what is there', () => {
    expect(
      readUser({
        schemas: [USER_URN, ENTERPRISE_USER_URN, 'urn:unused'],
        USERNAME: 'bjensen',
        Name: { GIVENNAME: 'Barbara' },
        'URN:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:User': { DEPARTMENT: 'Sales' },
      }),
    ).toEqual({
      schemas: [USER_URN, ENTERPRISE_USER_URN],
      userName: 'bjensen',
      name: { givenName: 'Barbara' },
      [ENTERPRISE_USER_URN]: { department: 'Sales' },
    });
  });

  it('accepts a body without schemas', () => {
    expect(readUser({ userName: 'x' })).toEqual({ schemas: [USER_URN], userName: 'x' });
  });

  it('ignores what only the server sets', () => {
    const body = {
      id: '1',
      meta: { resourceType: 'Group', created: 'yesterday' },
      groups: [{ value: 'g' }],
      userName: 'x',
    };
    expect(readUser(body)).toEqual({ schemas: [USER_URN], userName: 'x' });
    expect(readBadge({ holder: { value: 'm', displayName: 'Stale' } }).resource['holder']).toEqual({ value: 'm' });
  });

  it('takes null, [] and {} as unassigned', () => {
    const body = {
      userName: 'x',
      title: null,
      roles: [],
      name: { formatted: null },
      emails: [null, {}],
      addresses: {},
    };
    expect(readUser({ ...body, [ENTERPRISE_USER_URN]: { department: null } })).toEqual({
      schemas: [USER_URN],
      userName: 'x',
    });
    expect(readUser({ ...body, [ENTERPRISE_USER_URN]: null })).toEqual({ schemas: [USER_URN], userName: 'x' });
  });

  it('hands the password back apart and keeps none', () => {
    const result = readResource({ userName: 'x', password: 'secret' }, userResourceType);
    expect(result).toEqual({ resource: { schemas: [USER_URN], userName: 'x' }, password: 'secret' });
    expect(readResource({ userName: 'x', password: null }, userResourceType)).not.toHaveProperty('password');
  });

  it('hands members back apart, and tells none from not sent', () => {
    const members = (body: object) => readResource({ displayName: 'g', ...body }, groupResourceType).members;
    expect(members({})).toBeUndefined();
    expect(members({ members: null })).toEqual([]);
    expect(members({ members: [] })).toEqual([]);
    expect(
      members({
        members: [{ value: 'a', $ref: null, display: 'A' }, { VALUE: 'b', type: 'User' }, { value: 'a' }, 'c'],
      }),
    ).toEqual(['a', 'b', 'c']);
    expect(members({ [GROUP_URN]: { members: [{ value: 'a' }] } })).toEqual(['a']);
    expect(readResource({ displayName: 'g', members: [{ value: 'a' }] }, groupResourceType).resource).toEqual({
      schemas: [GROUP_URN],
      displayName: 'g',
    });
  });

  it('refuses members without id with 400 and more than 100,000 with 413', () => {
    const read = (members: unknown) => () => readResource({ displayName: 'g', members }, groupResourceType);
    expect(refusal(read([{ display: 'A' }]))).toBe('400 invalidValue');
    expect(refusal(read([{ value: true }]))).toBe('400 invalidValue');
    expect(refusal(read([{ value: 'a', type: false }]))).toBe('400 invalidValue');
    expect(refusal(read([{ value: 'a', display: {} }]))).toBe('400 invalidValue');
    expect(refusal(read(Array.from({ length: 100_001 }, (_, index) => ({ value: `${index}` }))))).toBe('413');
  });

  it('keeps attributes, sub-attributes and containers that no schema knows as sent', () => {
    const body = {
      userName: 'x',
      favoriteColor: 'blue',
      emails: [{ value: 'x@y', verified: 'True' }],
      'urn:okta:custom:1.0:user': { shoe: { size: 42, list: [null] } },
    };
    expect(readUser(body)).toEqual({ ...body, schemas: [USER_URN, 'urn:okta:custom:1.0:user'] });
  });

  it('leaves one of several values with the same type and value', () => {
    const emails = [
      { value: 'a', type: 'work', display: 'first' },
      { value: 'A', type: 'Work', primary: true },
      { value: 'a', type: 'home' },
    ];
    expect(readUser({ userName: 'x', emails, roles: ['r', 'R', { value: 'r' }], custom: ['c', 'c'] })).toMatchObject({
      emails: [{ value: 'A', type: 'Work', display: 'first', primary: true }, emails[2]],
      roles: ['r', { value: 'r' }],
      custom: ['c', 'c'],
    });
  });

  it('leaves at most one value primary', () => {
    const emails = [
      { value: 'a', primary: true },
      { value: 'b', primary: 'true' },
    ];
    expect(readUser({ userName: 'x', emails })['emails']).toEqual([
      { value: 'a', primary: false },
      { value: 'b', primary: true },
    ]);
  });

  it('drops keys that would reach an object’s prototype, at any depth', () => {
    const body = JSON.parse(
      '{"userName":"x","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},' +
        '"name":{"__proto__":{"admin":true},"givenName":"A"},"custom":{"a":[{"__proto__":{"admin":true},"b":1}]}}',
    ) as unknown;
    const resource = readUser(body);
    expect(resource).toEqual({
      schemas: [USER_URN],
      userName: 'x',
      name: { givenName: 'A' },
      custom: { a: [{ b: 1 }] },
    });
    expect(JSON.stringify(resource)).not.toContain('admin');
    const [deep] = (resource['custom'] as { a: { admin?: boolean }[] }).a;
    for (const object of [resource, resource['name'], deep])
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([null, [], 'x', 5, true])('refuses %j, which is no object, with 400 invalidSyntax', (body) => {
    expect(refusal(() => readUser(body))).toBe('400 invalidSyntax');
  });

  it.each([
    {},
    { userName: '' },
    { userName: '  ' },
    { userName: null },
    { userName: true },
    { userName: 2 ** 60 },
    { userName: ['x'] },
    { userName: 'x', active: 'yes' },
    { userName: 'x', active: 1 },
    { userName: 'x', name: 'Barbara' },
    { userName: 'x', name: [] },
    { userName: 'x', emails: [false] },
    { userName: 'x', addresses: ['1 Main Street'] },
    { userName: 'x', emails: [{ value: {} }] },
    { userName: 'x', title: { text: 'x' } },
    { userName: 'x\u0000' },
    { userName: 'x', title: '\ud800' },
    { userName: 'x', custom: { deep: ['\u0000'] } },
    { userName: 'x', custom: JSON.parse('1e999') as number },
    { userName: 'x', x509Certificates: [{ value: 'not base64!' }] },
    { userName: 'x', [ENTERPRISE_USER_URN]: 'Sales' },
    { userName: 'x', [ENTERPRISE_USER_URN]: { manager: true } },
  ])('refuses %j with 400 invalidValue', (body) => {
    expect(refusal(() => readUser(body))).toBe('400 invalidValue');
  });

  it('refuses values nested deeper than 32 levels', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + '1' + ']'.repeat(depth));
    expect(readUser({ userName: 'x', custom: nested(32) })).toHaveProperty('custom');
    expect(refusal(() => readUser({ userName: 'x', custom: nested(33) }))).toBe('400 invalidSyntax');
    expect(refusal(() => readUser({ userName: 'x', custom: nested(20_000) }))).toBe('400 invalidSyntax');
  });

  it('says what is wrong and what to send, without repeating the value', () => {
    expect(() => readUser({ userName: 'x', active: 'Barbara' })).toThrow(
      'active has a value of the wrong type. Send true or false.',
    );
    expect(() => readUser({})).toThrow('userName is required. Send a value for it.');
  });
});

describe('readResource of a custom resource type', () => {
  it('reads every type', () => {
    const body = {
      level: 3,
      weight: 1.5,
      revoked: 'False',
      validUntil: '2026-01-31T08:00:00.5+01:00',
      chip: 'QUJD',
      homepage: 'https://example.com',
      tags: 'red',
      codes: [7],
      holder: 'u1',
      doors: { value: 'd1', floor: 2 },
    };
    expect(readBadge({ ...body, printCount: 9, pin: '1234' }).resource).toEqual({
      ...body,
      serial: 'A1',
      revoked: false,
      tags: ['red'],
      holder: { value: 'u1' },
      doors: [{ value: 'd1', floor: 2 }],
      schemas: [BADGE_URN, BADGE_SITE_URN],
      [BADGE_SITE_URN]: { site: 'Oslo' },
    });
  });

  it.each([
    { level: 1.5 },
    { level: '3' },
    { weight: '1.5' },
    { validUntil: '2026-02-30T00:00:00Z' },
    { validUntil: 'tomorrow' },
    { chip: 5 },
    { size: { type: 'x' } },
    { pin: true },
    { homepage: 5 },
    { [BADGE_SITE_URN]: null },
    { [BADGE_SITE_URN]: { zone: 'x' } },
  ])('refuses %j with 400 invalidValue', (body) => {
    expect(
      refusal(() => readResource({ serial: 'A1', [BADGE_SITE_URN]: { site: 'x' }, ...body }, badgeResourceType)),
    ).toBe('400 invalidValue');
  });
});
