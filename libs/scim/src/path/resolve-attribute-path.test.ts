import { describe, expect, it } from 'vitest';
import { refusal } from '../fixtures/refusal';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { resolveAttributePath } from './resolve-attribute-path';

const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';

function resolve(text: string) {
  const { container, attribute, subAttribute } = resolveAttributePath(userResourceType, text);
  return [container, attribute, subAttribute];
}

describe('resolveAttributePath', () => {
  it.each([
    ['username', [null, 'userName', null]],
    ['NAME.GivenName', [null, 'name', 'givenName']],
    [`${USER_URN}:userName`, [null, 'userName', null]],
    [`${USER_URN.toLowerCase()}:NAME.givenname`, [null, 'name', 'givenName']],
    [USER_URN, [null, null, null]],
    [ENTERPRISE_USER_URN, [ENTERPRISE_USER_URN, null, null]],
    [`${ENTERPRISE_USER_URN}:department`, [ENTERPRISE_USER_URN, 'department', null]],
    [`${ENTERPRISE_USER_URN}:manager.value`, [ENTERPRISE_USER_URN, 'manager', 'value']],
    [`${ENTERPRISE_USER_URN}:badge`, [ENTERPRISE_USER_URN, 'badge', null]],
    ['manager', [ENTERPRISE_USER_URN, 'manager', null]],
    ['urn:scim:schemas:extension:enterprise:2.0:department', [ENTERPRISE_USER_URN, 'department', null]],
    ['urn:scim:schemas:core:2.0:User:userName', [null, 'userName', null]],
    ['urn:scim:schemas:core:2.0:userName', [null, 'userName', null]],
    ['favoriteColor', [null, 'favoriteColor', null]],
    ['name.preferred', [null, 'name', 'preferred']],
    ['urn:x:custom:2.0:User:tag', ['urn:x:custom:2.0:User', 'tag', null]],
    ['urn:x:custom:2.0:User:tag.sub', ['urn:x:custom:2.0:User', 'tag', 'sub']],
    ['urn:x:custom:2.0:User', ['urn:x:custom:2.0:User', null, null]],
    ['emails.$ref', [null, 'emails', '$ref']],
    // A dot for the colon behind the URN.
    [`${ENTERPRISE_USER_URN}.department`, [ENTERPRISE_USER_URN, 'department', null]],
    [`${ENTERPRISE_USER_URN.toUpperCase()}.MANAGER.Value`, [ENTERPRISE_USER_URN, 'manager', 'value']],
    [`${ENTERPRISE_USER_URN}.badge`, [ENTERPRISE_USER_URN, 'badge', null]],
    [`${USER_URN}.name.givenName`, [null, 'name', 'givenName']],
    ['urn:scim:schemas:core:1.0.userName', [null, 'userName', null]],
    ['urn:x:custom:2.0:User.tag', ['urn:x:custom:2.0:User', 'tag', null]],
    ['urn:x:custom:2.0:User.tag.sub', ['urn:x:custom:2.0:User', 'tag', 'sub']],
  ])('finds %s', (text, expected) => {
    expect(resolve(text)).toEqual(expected);
  });

  it('knows the schema’s attributes behind a dot as behind a colon', () => {
    for (const path of ['manager', 'manager.value', 'department']) {
      expect(resolveAttributePath(userResourceType, `${ENTERPRISE_USER_URN}.${path}`)).toBe(
        resolveAttributePath(userResourceType, `${ENTERPRISE_USER_URN}:${path}`),
      );
    }
  });

  it('prefers the core schema over an extension, and knows each type’s own attributes only', () => {
    expect(resolveAttributePath(groupResourceType, 'displayName').definition?.required).toBe(true);
    expect(resolveAttributePath(groupResourceType, 'userName').definition).toBeUndefined();
  });

  it.each([
    '',
    'a.b.c',
    'a..b',
    '.a',
    'a.',
    'userName.x',
    '1a',
    'a b',
    '/userName',
    'emails[',
    'a'.repeat(1025),
    `${USER_URN}.`,
    `${USER_URN}.a.b.c`,
  ])('refuses %j with 400 invalidPath', (text) => {
    expect(refusal(() => resolve(text))).toBe('400 invalidPath');
  });

  it.each(['urn:x\ud800:tag', '\udc00:2.0:User', 'urn:x\0:tag'])('refuses %j, which cannot be stored', (text) => {
    expect(refusal(() => resolve(text))).toBe('400 invalidPath');
  });

  it.each(['__proto__', 'constructor', 'prototype.x', 'name.__proto__', 'urn:x:__proto__', `${USER_URN}:constructor`])(
    'refuses %j, which would reach an object’s prototype',
    (text) => {
      expect(refusal(() => resolve(text))).toBe('400 invalidPath');
    },
  );
});
