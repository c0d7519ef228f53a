import { describe, expect, it } from 'vitest';
import { BADGE_SITE_URN, badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import type { JsonObject, JsonValue } from '../json';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { applyPatch } from './apply-patch';
import type { PatchOperation } from './parse-patch-request';

const base = readResource(
  {
    userName: 'bjensen',
    displayName: 'Babs',
    name: { givenName: 'Barbara', familyName: 'Jensen' },
    active: true,
    emails: [
      { value: 'work@x', type: 'work', primary: true },
      { value: 'home@x', type: 'home' },
    ],
    roles: ['admin'],
    favoriteColor: 'blue',
    [ENTERPRISE_USER_URN]: { department: 'Sales', manager: { value: 'm1' } },
  },
  userResourceType,
).resource;

function patch(...operations: PatchOperation[]): JsonObject {
  return applyPatch(base, operations, userResourceType, { strict: false }).resource;
}

const add = (path: string | undefined, value: JsonValue) => operation('add', path, value);
const replace = (path: string | undefined, value: JsonValue) => operation('replace', path, value);
const remove = (path: string, value?: JsonValue) => operation('remove', path, value);

function operation(op: PatchOperation['op'], path: string | undefined, value: JsonValue | undefined): PatchOperation {
  return { op, ...(path === undefined ? {} : { path }), ...(value === undefined ? {} : { value }) };
}

describe('applyPatch add', () => {
  it('sets a single-valued attribute, appends to a multi-valued one and merges a complex one', () => {
    const patched = patch(
      add('title', 'Boss'),
      add('emails', [{ value: 'other@x', type: 'other' }]),
      add('name', { middleName: 'J' }),
    );
    expect(patched).toEqual({
      ...base,
      title: 'Boss',
      emails: [...(base['emails'] as JsonValue[]), { value: 'other@x', type: 'other' }],
      name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'J' },
    });
  });

  it('adds the attributes of a value without path', () => {
    expect(
      patch(add(undefined, { title: 'Boss', emails: [{ value: 'o@x' }], [ENTERPRISE_USER_URN]: { division: 'D' } })),
    ).toEqual({
      ...base,
      title: 'Boss',
      emails: [...(base['emails'] as JsonValue[]), { value: 'o@x' }],
      [ENTERPRISE_USER_URN]: { department: 'Sales', manager: { value: 'm1' }, division: 'D' },
    });
  });

  it('adds no value twice, compared by type and value', () => {
    const result = applyPatch(
      base,
      [add('emails', [{ value: 'WORK@x', type: 'Work' }]), add('roles', ['ADMIN'])],
      userResourceType,
      { strict: false },
    );
    expect(result.changed).toBe(false);
    expect(patch(add('emails', { value: 'work@x', type: 'work', display: 'W' }))['emails']).toEqual([
      { value: 'work@x', type: 'work', primary: true, display: 'W' },
      { value: 'home@x', type: 'home' },
    ]);
  });

  it('keeps the latest primary value and unmarks the former', () => {
    expect(patch(add('emails', [{ value: 'o@x', primary: true }]))['emails']).toEqual([
      { value: 'work@x', type: 'work', primary: false },
      { value: 'home@x', type: 'home' },
      { value: 'o@x', primary: true },
    ]);
    expect(patch(replace('emails[type eq "home"].primary', true))['emails']).toEqual([
      { value: 'work@x', type: 'work', primary: false },
      { value: 'home@x', type: 'home', primary: true },
    ]);
  });

  it('creates the container of an extension and lists its schema', () => {
    const custom = 'urn:x:custom:2.0:User';
    expect(patch(add(`${custom}:tag`, 'x'))).toEqual({
      ...base,
      schemas: [USER_URN, ENTERPRISE_USER_URN, custom],
      [custom]: { tag: 'x' },
    });
  });

  it('adds nothing for null', () => {
    expect(patch(add('title', null), add(undefined, { displayName: null }))).toBe(base);
  });
});

describe('applyPatch replace', () => {
  it('replaces single values and whole multi-valued sets, and merges complex values', () => {
    expect(
      patch(replace('displayName', 'B'), replace('emails', [{ value: 'n@x' }]), replace('name', { givenName: 'Ba' })),
    ).toEqual({
      ...base,
      displayName: 'B',
      emails: [{ value: 'n@x' }],
      name: { givenName: 'Ba', familyName: 'Jensen' },
    });
  });

  it('changes every value a filter selects, and no other', () => {
    const patched = patch(
      replace('emails[value ew "@x"].display', 'D'),
      replace('emails[type eq "home"].value', 'h@y'),
    );
    expect(patched['emails']).toEqual([
      { value: 'work@x', type: 'work', primary: true, display: 'D' },
      { value: 'h@y', type: 'home', display: 'D' },
    ]);
  });

  it('puts a whole value in the place of a selected one', () => {
    expect(patch(replace('emails[type eq "work"]', { value: 'n@x', display: 'N' }))['emails']).toEqual([
      { type: 'work', value: 'n@x', display: 'N' },
      { value: 'home@x', type: 'home' },
    ]);
  });

  it('unassigns for null, an empty list, or a sub-attribute sent as null', () => {
    const patched = patch(replace('displayName', null), replace('roles', []), replace('name', { givenName: null }));
    expect(patched).toEqual({
      schemas: base['schemas'],
      userName: 'bjensen',
      name: { familyName: 'Jensen' },
      active: true,
      emails: base['emails'],
      favoriteColor: 'blue',
      [ENTERPRISE_USER_URN]: base[ENTERPRISE_USER_URN],
    });
  });

  it('adds what was not there', () => {
    expect(patch(replace('title', 'Boss'), replace('addresses', [{ locality: 'Oslo' }]))).toMatchObject({
      title: 'Boss',
      addresses: [{ locality: 'Oslo' }],
    });
  });

  it('refuses a value path that selects nothing with 400 noTarget in strict mode, or when no value follows from it', () => {
    const strict = () =>
      applyPatch(base, [replace('emails[type eq "other"].value', 'o@x')], userResourceType, { strict: true });
    expect(refusal(strict)).toBe('400 noTarget');
    expect(refusal(() => patch(replace('emails[type ne "work" and value eq "q"].value', 'o@x')))).toBe('400 noTarget');
    expect(refusal(() => patch(replace('emails[type eq "a" or type eq "b"].value', 'o@x')))).toBe('400 noTarget');
    expect(refusal(() => patch(replace('emails[type eq null].value', 'o@x')))).toBe('400 noTarget');
    expect(refusal(() => patch(replace('emails[type eq "a" and type eq "b"].value', 'o@x')))).toBe('400 noTarget');
  });
});

describe('applyPatch remove', () => {
  it('removes attributes, sub-attributes, selected values and containers', () => {
    const patched = patch(
      remove('displayName'),
      remove('name.givenName'),
      remove('emails[type eq "home"]'),
      remove('favoriteColor'),
      remove(ENTERPRISE_USER_URN),
    );
    expect(patched).toEqual({
      schemas: [USER_URN],
      userName: 'bjensen',
      active: true,
      name: { familyName: 'Jensen' },
      emails: [{ value: 'work@x', type: 'work', primary: true }],
      roles: ['admin'],
    });
  });

  it('unassigns an attribute with its last value, a container with its last attribute', () => {
    const patched = patch(
      remove('emails[value pr]'),
      remove('name.givenName'),
      remove('name.familyName'),
      remove(`${ENTERPRISE_USER_URN}:department`),
      remove(`${ENTERPRISE_USER_URN}:manager`),
    );
    expect(Object.keys(patched)).not.toContain('emails');
    expect(Object.keys(patched)).not.toContain('name');
    expect(patched['schemas']).toEqual([USER_URN]);
  });

  it('takes a value without its value for gone', () => {
    expect(patch(remove('emails[type eq "home"].value'))['emails']).toEqual([
      { value: 'work@x', type: 'work', primary: true },
    ]);
  });

  it('removes nothing when the filter selects nothing or the attribute is absent', () => {
    expect(patch(remove('emails[type eq "other"]'), remove('title'), remove('urn:x:1.0:User:tag'))).toBe(base);
  });

  it('removes only the listed values of a multi-valued attribute', () => {
    expect(patch(remove('emails', [{ value: 'HOME@x' }]))['emails']).toHaveLength(1);
    expect(patch(remove('emails', [{ value: 'home@x', type: 'work' }]))).toBe(base);
    expect(patch(remove('roles', 'admin'))).not.toHaveProperty('roles');
    expect(patch(remove('emails', []))).toBe(base);
    expect(patch(remove('emails', null))).not.toHaveProperty('emails');
  });
});

describe('applyPatch', () => {
  it('gives the same object when nothing changed in the end', () => {
    const result = applyPatch(
      base,
      [replace('title', 'x'), remove('title'), replace('active', true), add('name', { givenName: 'Barbara' })],
      userResourceType,
      { strict: false },
    );
    expect(result).toEqual({ resource: base, changed: false });
    expect(result.resource).toBe(base);
  });

  it('applies operations in order', () => {
    expect(patch(replace('title', 'a'), replace('title', 'b'))['title']).toBe('b');
    expect(patch(remove('emails'), add('emails', [{ value: 'n@x' }]))['emails']).toEqual([{ value: 'n@x' }]);
  });

  it('never changes the resource it was given, and shares what it did not touch', () => {
    const before = structuredClone(base);
    const patched = patch(
      replace('name.givenName', 'B'),
      add('emails', [{ value: 'z' }]),
      remove(`${ENTERPRISE_USER_URN}:manager`),
    );
    expect(base).toEqual(before);
    expect(patched['roles']).toBe(base['roles']);
  });

  it('hands a password back apart, and calls it no change', () => {
    const run = (...operations: PatchOperation[]) => applyPatch(base, operations, userResourceType, { strict: false });
    expect(run(replace(undefined, { password: 'secret' }))).toEqual({
      resource: base,
      changed: false,
      password: 'secret',
    });
    expect(run(replace('password', 'a'), replace('password', 'b')).password).toBe('b');
    expect(run(remove('password')).password).toBeNull();
    expect(run(replace('title', 'x'))).not.toHaveProperty('password');
  });

  it('ignores writes to schemas, and read-only attributes in a value without path', () => {
    expect(patch(add('schemas', ['urn:x']), replace(undefined, { schemas: [], id: '1', meta: {}, groups: [] }))).toBe(
      base,
    );
  });

  it.each([
    [[remove('userName')], '400 mutability'],
    [[replace('userName', null)], '400 invalidValue'],
    [[replace('userName', ' ')], '400 invalidValue'],
    [[replace('id', 'x')], '400 mutability'],
    [[add('groups', [{ value: 'g' }])], '400 mutability'],
    [[remove('groups')], '400 mutability'],
    [[replace('meta.version', 'x')], '400 mutability'],
    [[replace(`${ENTERPRISE_USER_URN}:manager.displayName`, 'x')], '400 mutability'],
    [[{ op: 'remove' as const }], '400 noTarget'],
    [[remove(USER_URN)], '400 noTarget'],
    [[{ op: 'add' as const, path: 'title' }], '400 invalidValue'],
    [[{ op: 'replace' as const }], '400 invalidValue'],
    [[replace(undefined, 'x')], '400 invalidValue'],
    [[replace('active', 'maybe')], '400 invalidValue'],
    [[replace('name', 'Barbara')], '400 invalidValue'],
    [[add('addresses', 'x')], '400 invalidValue'],
    [[replace('title', { a: 1 })], '400 invalidValue'],
    [[replace('title', ['a', 'b'])], '400 invalidValue'],
    [[add('title', 'x\u0000')], '400 invalidValue'],
    [[replace('emails[', 'x')], '400 invalidPath'],
    [[replace('emails[type eq "work"', 'x')], '400 invalidFilter'],
    [[replace('emails[type eq]', 'x')], '400 invalidFilter'],
    [[replace('emails[type eq "work"]value', 'x')], '400 invalidPath'],
    [[replace('emails[type eq "work"].', 'x')], '400 invalidPath'],
    [[replace('emails[type eq "work"].a.b', 'x')], '400 invalidPath'],
    [[replace('[type eq "work"]', 'x')], '400 invalidPath'],
    [[replace('name.givenName[a pr]', 'x')], '400 invalidPath'],
    [[replace('userName.first', 'x')], '400 invalidPath'],
    [[replace('a b', 'x')], '400 invalidPath'],
    [[replace('__proto__.x', 'x')], '400 invalidPath'],
    [[add('emails[value co "q"].value', 'x')], '400 noTarget'],
    [[add(undefined, { [USER_URN]: { [USER_URN]: {} } })], '400 invalidPath'],
  ])('refuses %j with %s, and applies none of its operations', (operations, expected) => {
    const before = structuredClone(base);
    expect(refusal(() => patch(replace('displayName', 'Changed'), ...operations))).toBe(expected);
    expect(base).toEqual(before);
  });

  it('refuses more than 1,000 changes with 413', () => {
    const many = Array.from({ length: 1_001 }, () => replace('title', 'x'));
    expect(refusal(() => patch(...many))).toBe('413');
  });

  it('refuses many operations on a very long list or a resource of very many attributes with tooMany', () => {
    const values = Array.from({ length: 5_000 }, (_, index) => ({ value: `${index}` }));
    const long = readResource({ userName: 'x', emails: values }, userResourceType).resource;
    const wide = readResource(
      { userName: 'x', ...Object.fromEntries(values.map(({ value }) => [`a${value}`, 1])) },
      userResourceType,
    ).resource;
    const run = (resource: JsonObject, count: number) => () =>
      applyPatch(
        resource,
        Array.from({ length: count }, (_, index) =>
          add(resource === long ? 'emails' : `b${index}`, [{ value: `n${index}` }]),
        ),
        userResourceType,
        { strict: false },
      );
    expect(run(long, 20)().changed).toBe(true);
    expect(run(wide, 20)().changed).toBe(true);
    expect(refusal(run(long, 300))).toBe('400 tooMany');
    expect(refusal(run(wide, 300))).toBe('400 tooMany');
  });

  it('refuses filters of many comparisons on a long list, or on long texts, with tooMany', () => {
    const terms = (count: number) => Array.from({ length: count }, (_, n) => `value co "~${n}"`).join(' or ');
    const select = (count: number) => remove(`emails[${terms(count)} or value eq "0"].display`);
    const emails = (count: number, display: string) =>
      Array.from({ length: count }, (_, n) => ({ value: `${n}`, display }));
    const run = (values: JsonValue, operations: PatchOperation[]) => () =>
      applyPatch(
        readResource({ userName: 'x', emails: values }, userResourceType).resource,
        operations,
        userResourceType,
        { strict: false },
      );
    const times = (count: number, operation: PatchOperation) => Array.from({ length: count }, () => operation);
    expect(run(emails(500, 'x'), [select(90)])().changed).toBe(true);
    expect(refusal(run(emails(500, 'x'), times(2, select(90))))).toBe('400 tooMany');
    expect(run(emails(2, 'x'.repeat(50_000)), [select(90)])().changed).toBe(true);
    expect(
      refusal(run(emails(2, 'x'.repeat(50_000)), times(10, replace(`emails[${terms(90)} or value eq "0"].type`, 'a')))),
    ).toBe('400 tooMany');
  });
});

describe('applyPatch of a custom resource type', () => {
  const badge = readResource(
    {
      serial: 'A1',
      tags: ['red', 'blue'],
      holder: { value: 'u1', since: '2026-01-01T00:00:00Z' },
      doors: [{ value: 'd1', type: 'front', lock: 'L' }],
      [BADGE_SITE_URN]: { site: 'Oslo' },
    },
    badgeResourceType,
  ).resource;
  const patchBadge = (...operations: PatchOperation[]) =>
    applyPatch(badge, operations, badgeResourceType, { strict: false }).resource;

  it('writes simple multi-valued attributes', () => {
    expect(patchBadge(add('tags', ['RED', 'green']))['tags']).toEqual(['red', 'blue', 'green']);
    expect(patchBadge(remove('tags[value eq "red"]'))['tags']).toEqual(['blue']);
    expect(patchBadge(replace('tags[value sw "r"]', 'rose'))['tags']).toEqual(['rose', 'blue']);
    expect(refusal(() => patchBadge(replace('tags[value eq "grey"]', 'x')))).toBe('400 noTarget');
  });

  it('sets immutable attributes once and refuses to change them', () => {
    expect(patchBadge(add('codes', [1]))['codes']).toEqual([1]);
    expect(refusal(() => patchBadge(add('codes', [1]), add('codes', [2])))).toBe('400 mutability');
    expect(refusal(() => patchBadge(replace('serial', 'A2')))).toBe('400 mutability');
    expect(patchBadge(replace('serial', 'A1'))).toBe(badge);
    expect(refusal(() => patchBadge(replace('holder.since', '2026-02-01T00:00:00Z')))).toBe('400 mutability');
    expect(refusal(() => patchBadge(remove('holder.since')))).toBe('400 mutability');
    expect(refusal(() => patchBadge(replace('doors[value eq "d1"].lock', 'M')))).toBe('400 mutability');
    expect(refusal(() => patchBadge(remove('doors[value eq "d1"].lock')))).toBe('400 mutability');
    expect(patchBadge(replace('doors[value eq "d1"].floor', 2))['doors']).toEqual([
      { value: 'd1', type: 'front', lock: 'L', floor: 2 },
    ]);
  });

  it('keeps required extensions, attributes and sub-attributes', () => {
    expect(refusal(() => patchBadge(remove(BADGE_SITE_URN)))).toBe('400 invalidValue');
    expect(refusal(() => patchBadge(remove('site')))).toBe('400 mutability');
    expect(refusal(() => patchBadge(add('size', { type: 'x' })))).toBe('400 invalidValue');
    expect(refusal(() => patchBadge(add('size', { unit: 'cm' }), remove('size.unit')))).toBe('400 mutability');
  });
});
