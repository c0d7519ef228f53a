import { describe, expect, it } from 'vitest';
import type { UserData } from '@rollcall/contract';
import { compileRules, NO_RULES } from './compile-rules';
import { diffAttributes } from './diff-attributes';
import { normalizeUser } from './normalize-user';
import { readPublishedGroup, readPublishedUser } from './read-published';

const CONTEXT = {
  environmentId: 'env',
  organizationId: 'org',
  directoryId: 'dir',
  rules: compileRules(NO_RULES),
};
const publish = (resource: Record<string, unknown>) =>
  normalizeUser(resource, { userId: 'u1', groups: [], published: null }, CONTEXT);
const without = (data: UserData, ...fields: (keyof UserData)[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(data).filter(([key]) => !fields.includes(key as keyof UserData))));

const ADA = { userName: 'ada@example.com', title: 'Analyst' };

describe('a field that the contract got after a user was published', () => {
  it('is no change while its value stays, whether the provider sends it or not', () => {
    const before = readPublishedUser(without(publish(ADA), 'title', 'nickname'));
    expect(diffAttributes(before, publish(ADA))).toBeNull();
    expect(before).toEqual(publish(ADA));
  });

  it('has its old value in the event that changes it', () => {
    const before = readPublishedUser(without(publish(ADA), 'title', 'nickname'));
    const after = publish({ ...ADA, title: 'Countess', nickName: 'Ada' });
    expect(diffAttributes(before, after)).toEqual({ title: 'Analyst', nickname: null });
  });

  it('keeps what else was published as it was', () => {
    const data = { ...publish(ADA), email: 'earlier@example.com', roles: [{ role_name: 'admin' }] };
    expect(readPublishedUser(without(data, 'title'))).toEqual(data);
    expect(readPublishedUser(JSON.stringify(data))).toEqual(data);
  });

  it('is read of a group likewise', () => {
    const raw_attributes = { displayName: 'Team', externalId: 'g-1' };
    const stored = { id: 'dirgroup_1', display_name: 'Team', total_users: 3, raw_attributes };
    expect(readPublishedGroup(JSON.stringify(stored))).toMatchObject({ ...stored, dp_id: 'g-1', external_id: 'g-1' });
  });
});
