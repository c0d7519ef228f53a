import { describe, expect, it } from 'vitest';
import { BADGE_SITE_URN, badgeResourceType } from '../fixtures/badge-resource-type';
import { refusal } from '../fixtures/refusal';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { readResource } from './read-resource';
import { replaceResource } from './replace-resource';

const readUser = (body: object) => readResource({ userName: 'x', ...body }, userResourceType).resource;
const readBadge = (body: object) =>
  readResource({ serial: 'A1', [BADGE_SITE_URN]: { site: 'Oslo' }, ...body }, badgeResourceType).resource;

describe('replaceResource', () => {
  it('clears what the body does not have, and keeps active', () => {
    const current = readUser({
      title: 'Boss',
      active: false,
      custom: 1,
      [ENTERPRISE_USER_URN]: { department: 'Sales' },
    });
    const { resource, changed } = replaceResource(current, readUser({ nickName: 'B' }), userResourceType);
    expect(resource).toEqual({ schemas: [USER_URN], userName: 'x', nickName: 'B', active: false });
    expect(changed).toBe(true);
  });

  it('gives the same object when nothing changes, whatever the order of keys', () => {
    const current = readUser({ title: 'Boss', name: { givenName: 'A', familyName: 'B' }, active: true });
    const next = readUser({ name: { familyName: 'B', givenName: 'A' }, title: 'Boss' });
    const result = replaceResource(current, next, userResourceType);
    expect(result.changed).toBe(false);
    expect(result.resource).toBe(current);
  });

  it('keeps an immutable value that the body leaves out and refuses another one with 400 mutability', () => {
    const current = readBadge({ codes: [7], holder: { value: 'u1', since: '2026-01-01T00:00:00Z' } });
    const kept = replaceResource(current, readBadge({ holder: { value: 'u2' } }), badgeResourceType).resource;
    expect(kept).toMatchObject({ codes: [7], holder: { value: 'u2', since: '2026-01-01T00:00:00Z' } });
    expect(refusal(() => replaceResource(current, readBadge({ serial: 'A2' }), badgeResourceType))).toBe(
      '400 mutability',
    );
    expect(refusal(() => replaceResource(current, readBadge({ codes: [7, 8] }), badgeResourceType))).toBe(
      '400 mutability',
    );
    const moved = readBadge({ codes: [7], holder: { value: 'u1', since: '2026-02-01T00:00:00Z' } });
    expect(refusal(() => replaceResource(current, moved, badgeResourceType))).toBe('400 mutability');
  });

  it('lets an immutable attribute be set once', () => {
    expect(replaceResource(readBadge({}), readBadge({ codes: [1] }), badgeResourceType).resource['codes']).toEqual([1]);
  });

  it('changes neither of its arguments', () => {
    const current = readUser({ active: true, title: 'a' });
    const next = readUser({ title: 'b' });
    const copies = [structuredClone(current), structuredClone(next)];
    replaceResource(current, next, userResourceType);
    expect([current, next]).toEqual(copies);
  });
});
