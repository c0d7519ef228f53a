import type { ScimResource } from '@rollcall/scim';
import { describe, expect, it } from 'vitest';
import { changeUser } from './change-user';

const ada: ScimResource = {
  active: true,
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'Ada@Example.com',
  externalId: 'X1',
  displayName: 'Ada LOVELACE',
  emails: [{ value: 'Ada@Example.com', primary: true }, { value: 'ada@example.com', type: 'home' }, { type: 'work' }],
};

describe('changeUser', () => {
  it('folds the keys by which a user is found and keeps externalId exact', () => {
    expect(changeUser(null, ada)?.columns).toEqual({
      userNameKey: 'ada@example.com',
      externalId: 'X1',
      displayNameKey: 'ada lovelace',
      emailKeys: ['ada@example.com'],
      active: true,
    });
  });

  it('takes a user as active until told otherwise', () => {
    const { active: _, ...untold } = ada;
    expect(changeUser(null, { ...ada, active: false })?.columns.active).toBe(false);
    expect(changeUser(null, untold)).toMatchObject({ resource: { active: true }, columns: { active: true } });
    expect(changeUser(ada, untold)).toBeNull();
  });

  it('gives nothing to store when only the order of keys differs', () => {
    expect(changeUser(ada, Object.fromEntries(Object.entries(ada).toReversed()))).toBeNull();
  });

  it('gives the whole next resource when anything differs, case included', () => {
    const next = { ...ada, userName: 'ada@example.com' };
    expect(changeUser(ada, next)).toMatchObject({ resource: next, columns: { userNameKey: 'ada@example.com' } });
  });

  it('finds nothing where attributes are absent', () => {
    expect(changeUser(null, { userName: 'bob' })?.columns).toEqual({
      userNameKey: 'bob',
      externalId: null,
      displayNameKey: null,
      emailKeys: [],
      active: true,
    });
  });
});
