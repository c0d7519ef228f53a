import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAttributePath, readAttribute } from './read-attribute';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CUSTOM = 'urn:ietf:params:scim:schemas:extension:acme.v1:2.0:User';

const user = {
  userName: 'jane',
  name: { givenName: 'Jane' },
  emails: [
    { value: 'w@x', type: 'work', primary: true },
    { value: 'h@x', type: 'home' },
  ],
  addresses: [{ type: 'work', locality: 'Berlin' }],
  [ENTERPRISE]: { department: 'Ops', manager: { displayName: 'Boss' } },
  [CUSTOM]: { badge: { number: 7 }, 'shirt.size': 'L' },
};

describe('readAttribute', () => {
  it.each<[string, unknown]>([
    ['userName', 'jane'],
    ['USERNAME', 'jane'],
    ['name.givenName', 'Jane'],
    ['name', { givenName: 'Jane' }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:name.givenName', 'Jane'],
    [`${ENTERPRISE}:department`, 'Ops'],
    [`${ENTERPRISE.toUpperCase()}:Manager.displayName`, 'Boss'],
    [ENTERPRISE, user[ENTERPRISE]],
    [`${CUSTOM}:badge.number`, 7],
    ['emails[type eq "work"].value', 'w@x'],
    ['emails[type EQ "HOME"].value', 'h@x'],
    ['emails[type eq "work" and primary eq true].value', 'w@x'],
    ['emails[primary eq True].value', 'w@x'],
    ['emails[type eq "home"]', { value: 'h@x', type: 'home' }],
    ['emails.value', ['w@x', 'h@x']],
    ['addresses[type eq "work"].locality', 'Berlin'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "home"].value', 'h@x'],
  ])('reads %s', (path, expected) => {
    expect(readAttribute(user, path)).toEqual(expected);
  });

  it.each([
    'nickName',
    'name.familyName',
    'userName.length',
    'emails[type eq "other"].value',
    'emails[type eq "work" and primary eq false].value',
    'emails[type ne "work"].value',
    'emails[type eq "work" and].value',
    'emails[type eq "work".value',
    'emails.display',
    'constructor',
    '__proto__',
    'name.__proto__.polluted',
    'urn:unknown:department',
    '',
    '.',
  ])('finds nothing at %s', (path) => {
    expect(readAttribute(user, path)).toBeUndefined();
  });

  it('never throws and never leaves the resource, whatever the path', () => {
    const piece = fc.constantFrom(
      'emails',
      '[',
      ']',
      'type eq "work"',
      '.',
      'value',
      '"',
      ' and ',
      'urn:',
      ':',
      '\\',
      ENTERPRISE,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = pieces.join('');
        const value = readAttribute(user, path);
        expect(typeof value).not.toBe('function');
        expect(value === undefined || isAttributePath(path) || path.includes('urn:')).toBe(true);
      }),
    );
  });
});

describe('isAttributePath', () => {
  it('accepts paths, also into extensions that no user has yet', () => {
    const paths = [
      'title',
      'name.givenName',
      'emails[type eq "work"].value',
      `${ENTERPRISE}:department`,
      'urn:acme:User:a.b',
    ];
    expect(paths.filter((path) => !isAttributePath(path))).toEqual([]);
  });

  it('refuses what can never be read', () => {
    const texts = [
      '',
      ' ',
      'a b',
      'emails[',
      'emails[]',
      'emails[type]',
      'emails[type pr].value',
      'a..b',
      'a.',
      'urn:acme:',
    ];
    expect(texts.filter(isAttributePath)).toEqual([]);
  });
});
