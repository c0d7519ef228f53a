import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFilter, isPresent } from '../filter/evaluate-filter';
import { parseFilter } from '../filter/parse-filter';
import { refusal } from '../fixtures/refusal';
import type { JsonObject, ScimResource } from '../json';
import { applyPatch } from '../patch/apply-patch';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { userResourceType } from '../schema/resource-types';
import { ScimError } from '../scim-error';
import { compilePath } from './compile-path';

const ACME = 'urn:ietf:params:scim:schemas:extension:acme.v1:2.0:User';

const user = store({
  userName: 'jane',
  title: 'Boss',
  name: { givenName: 'Jane' },
  nickName: '',
  emails: [{ value: 'w@x', type: 'work', primary: 'True' }, { value: 'h@x', type: 'home' }, { value: 'o@y' }],
  roles: ['admin', { value: 'billing', display: 'Billing' }],
  addresses: [{ type: 'work', locality: 'Berlin' }],
  shoe: { size: { eu: 39 } },
  [ENTERPRISE_USER_URN]: { department: 'Ops', manager: { value: 'm1' }, costCenter: '7' },
  [ACME]: { badge: { number: 7 }, tags: [{ k: 'a', v: 1 }, { k: 'b' }] },
  'urn:acme:User': { badge: 8 },
  'urn:acme:1.0': { badge: 9, tags: [{ k: 'a', v: 1 }] },
});

function store(sent: JsonObject): ScimResource {
  return readResource(sent, userResourceType).resource;
}

function read(path: string, resource: ScimResource = user) {
  return compilePath(userResourceType, path)(resource);
}

describe('compilePath', () => {
  it.each<[string, unknown]>([
    ['userName', 'jane'],
    ['USERNAME', 'jane'],
    [' title ', 'Boss'],
    ['name.givenName', 'Jane'],
    ['name', { givenName: 'Jane' }],
    ['Name.GIVENNAME', 'Jane'],
    ['shoe.SIZE', { eu: 39 }],
    ['schemas', user['schemas']],
    // A core attribute behind the URN of its schema, the legacy ones included.
    ['urn:ietf:params:scim:schemas:core:2.0:User:name.givenName', 'Jane'],
    ['urn:scim:schemas:core:2.0:User:title', 'Boss'],
    ['urn:scim:schemas:core:1.0:title', 'Boss'],
    // The enterprise extension: bare, behind its URN, behind a legacy URN, and whole.
    ['department', 'Ops'],
    ['Department', 'Ops'],
    ['manager.value', 'm1'],
    [`${ENTERPRISE_USER_URN}:department`, 'Ops'],
    [`${ENTERPRISE_USER_URN.toUpperCase()}:Manager.Value`, 'm1'],
    ['urn:scim:schemas:extension:enterprise:1.0:department', 'Ops'],
    // A dot in place of the colon behind a URN.
    [`${ENTERPRISE_USER_URN}.department`, 'Ops'],
    [`${ENTERPRISE_USER_URN.toUpperCase()}.Manager.Value`, 'm1'],
    ['urn:ietf:params:scim:schemas:core:2.0:User.title', 'Boss'],
    ['urn:ietf:params:scim:schemas:core:2.0:User.emails[type eq "home"].value', 'h@x'],
    ['urn:scim:schemas:core:1.0.name.givenName', 'Jane'],
    ['urn:scim:schemas:extension:enterprise:2.0:User:manager.value', 'm1'],
    [ENTERPRISE_USER_URN, user[ENTERPRISE_USER_URN]],
    // Extensions that no schema describes.
    [ACME, user[ACME]],
    [`${ACME}:badge`, { number: 7 }],
    [`${ACME.toLowerCase()}:BADGE.number`, 7],
    [`${ACME}:tags[k eq "a"].v`, 1],
    ['urn:acme:User:badge', 8],
    ['urn:acme:User', { badge: 8 }],
    ['urn:acme:1.0:badge', 9],
    // Several values.
    ['emails.value', ['w@x', 'h@x', 'o@y']],
    ['emails.type', ['work', 'home']],
    ['roles', ['admin', { value: 'billing', display: 'Billing' }]],
    ['roles.value', ['admin', 'billing']],
    // The first value that a filter selects.
    ['emails[type eq "work"].value', 'w@x'],
    ['emails[type EQ "HOME"].value', 'h@x'],
    ['emails[type eq "home"]', { value: 'h@x', type: 'home' }],
    ['emails[ type eq "work"  and primary eq True ].value', 'w@x'],
    ['emails[primary eq "true"].value', 'w@x'],
    ['emails[type ne "work"].value', 'h@x'],
    ['emails[value ew "@y" or type eq "home"].value', 'h@x'],
    ['emails[value co "@Y"].value', 'o@y'],
    ['emails[not (type pr)].value', 'o@y'],
    ['emails[type pr and not (type eq "work")].value', 'h@x'],
    ['emails[value sw "o" or value sw "h"].type', 'home'],
    ['addresses[type eq "work"].locality', 'Berlin'],
    ['roles[value eq "admin"]', 'admin'],
    ['manager[value pr].value', 'm1'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "home"].value', 'h@x'],
  ])('reads %s', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });

  it('prefers an attribute at the top level to that of an extension with the same bare name', () => {
    expect(read('department', store({ userName: 'u', department: 'Top', [ENTERPRISE_USER_URN]: {} }))).toBe('Top');
  });

  it.each([
    'displayName',
    'name.familyName',
    'costCentre',
    'emails[type eq "other"].value',
    'emails[type eq "home"].primary',
    'emails[type eq "work" and primary eq false].value',
    'emails.display',
    'title[value ne "Boss"]',
    'toString',
    `${ACME}:nothing`,
    'urn:unknown:department',
    'urn:unknown:2.0:User',
    `${ENTERPRISE_USER_URN}.title`,
    'urn:scim:schemas:core:1.0.5:title',
  ])('finds nothing at %s', (path) => {
    expect(read(path)).toBeUndefined();
  });

  it.each([
    ['', '400 invalidPath'],
    ['.', '400 invalidPath'],
    ['a b', '400 invalidPath'],
    ['a..b', '400 invalidPath'],
    ['a.', '400 invalidPath'],
    ['a.b.c', '400 invalidPath'],
    ['userName.length', '400 invalidPath'],
    ['manager.displayName', '400 invalidPath'],
    ['urn:acme:', '400 invalidPath'],
    ['__proto__', '400 invalidPath'],
    ['constructor', '400 invalidPath'],
    ['name.__proto__', '400 invalidPath'],
    ['name.\u0000', '400 invalidPath'],
    ['emails[type eq "work"].', '400 invalidPath'],
    ['emails[', '400 invalidPath'],
    ['emails[]', '400 invalidFilter'],
    ['emails[type]', '400 invalidFilter'],
    ['emails[type eq "work" and].value', '400 invalidFilter'],
    ['emails[type eq "work".value', '400 invalidFilter'],
    ['emails[type eq 1].value', '400 invalidFilter'],
    ['x'.repeat(2000), '400 invalidPath'],
    // What no stored resource holds can be read by no path.
    ['password', '403 sensitive'],
    ['id', '400 invalidPath'],
    ['meta.created', '400 invalidPath'],
    [`${ENTERPRISE_USER_URN}.manager.displayName`, '400 invalidPath'],
    ['urn:ietf:params:scim:schemas:core:2.0:User.id', '400 invalidPath'],
    ['groups.value', '400 invalidPath'],
    ['groups', '400 invalidPath'],
    ['groups[display eq "a"].value', '400 invalidPath'],
    ['urn:ietf:params:scim:schemas:core:2.0:User', '400 invalidPath'],
  ])('refuses %j', (path, expected) => {
    expect(refusal(() => compilePath(userResourceType, path))).toBe(expected);
  });
});

describe('a compiled path', { timeout: 60_000 }, () => {
  const text = fc.constantFrom('work', 'HOME', 'a@x', 'b@x', 'admin');
  const email = fc.record({ value: text, type: text, primary: fc.boolean() }, { requiredKeys: ['value'] });
  const resource = fc
    .record(
      {
        title: text,
        name: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
        emails: fc.array(email, { maxLength: 3 }),
        roles: fc.array(fc.oneof(text, fc.record({ value: text, display: text })), { maxLength: 3 }),
        shoe: fc.oneof(text, fc.record({ type: text, value: text })),
        [ENTERPRISE_USER_URN]: fc.record(
          { department: text, manager: fc.record({ value: text }) },
          { requiredKeys: [] },
        ),
        [ACME]: fc.record({ tags: fc.array(fc.record({ type: text, value: text })) }),
      },
      { requiredKeys: [] },
    )
    .map((sent) => store({ userName: 'u', ...sent }));
  const attributes = ['emails', 'roles', 'shoe', 'manager', `${ACME}:tags`, `${ENTERPRISE_USER_URN}:manager`];
  const attribute = fc.constantFrom(...attributes);
  const term = fc.oneof(
    fc
      .tuple(fc.constantFrom('type', 'VALUE', 'display'), fc.constantFrom('eq', 'ne', 'co', 'sw', 'gt'), text)
      .map(([name, operator, value]) => `${name} ${operator} "${value}"`),
    fc.constantFrom('type pr', 'not (value pr)', 'primary eq true', 'primary ne "False"'),
  );
  const filter = fc.oneof(
    term,
    fc.tuple(term, fc.constantFrom('and', 'or'), term).map((parts) => parts.join(' ')),
    term.map((inner) => `not (${inner})`),
  );
  const plain = fc.constantFrom('title', 'name.givenName', 'department', `${ENTERPRISE_USER_URN}:department`, ACME);
  const simple = fc.oneof(
    plain,
    attribute,
    fc.tuple(attribute, fc.constantFrom('value', 'TYPE')).map((names) => names.join('.')),
  );

  it('reads a value exactly where the same path with `pr` finds one', () => {
    fc.assert(
      fc.property(resource, simple, (stored, path) => {
        const value = attempt(() => read(path, stored));
        const found = attempt(() => evaluateFilter(parseFilter(`${path} pr`), stored, userResourceType));
        if (path === ACME) return;
        expect(Array.isArray(value) ? value.some(isPresent) : isPresent(value ?? undefined)).toBe(found ?? false);
      }),
      { numRuns: 1000 },
    );
  });

  it('selects a value exactly where the same value path matches as a filter', () => {
    fc.assert(
      fc.property(resource, attribute, filter, (stored, name, inner) => {
        const path = `${name}[${inner}]`;
        const selected = attempt(() => read(path, stored)) !== undefined;
        const matches = attempt(() => evaluateFilter(parseFilter(path), stored, userResourceType)) ?? false;
        expect(selected).toBe(matches);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing where a PATCH removed the same path, and what a PATCH put there', () => {
    const selecting = fc
      .tuple(attribute, filter, fc.constantFrom('', '.type', '.display'))
      .map(([name, inner, sub]) => `${name}[${inner}]${sub}`);
    fc.assert(
      fc.property(resource, fc.oneof(simple, selecting), (stored, path) => {
        // A plain value is addressed as `value` too, and has no part to remove.
        fc.pre(!path.endsWith('.value'));
        const patched = patch(stored, { op: 'remove', path });
        if (patched !== undefined) expect(read(path, patched)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(resource, plain, (stored, path) => {
        const patched = patch(stored, { op: 'replace', path, value: path === ACME ? { badge: 'new' } : 'new' });
        const expected = path === ACME ? expect.objectContaining({ badge: 'new' }) : 'new';
        if (patched !== undefined) expect(read(path, patched)).toEqual(expected);
      }),
    );
  });

  it('never leaves the resource, whatever the path', () => {
    const pieces = ['emails', '[', ']', 'type eq "work"', '.', 'value', '"', ' and ', 'urn:', ':', '\\', ACME];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const value = attempt(() => read(parts.join('')));
        expect(typeof value).not.toBe('function');
      }),
    );
  });
});

function patch(resource: ScimResource, operation: Parameters<typeof applyPatch>[1][number]): ScimResource | undefined {
  return attempt(() => applyPatch(resource, [operation], userResourceType, { strict: false }).resource);
}

/** A result, or undefined for what is refused as a ScimError. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}
