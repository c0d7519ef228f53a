import type { Held } from '@rollcall/idp-simulator';
import type { GroupData, UserData } from '@rollcall/sdk';
import { describe, expect, it } from 'vitest';
import { findDifferences, findGaps } from './find-differences';

const ada = { id: '00u1', userName: 'ada@x.example', givenName: 'Ada', familyName: 'Ray', email: 'ada@x.example' };
const held: Held = {
  users: [{ remoteId: 'u1', externalId: '00u1', active: true, person: ada, groups: ['g1'] }],
  groups: [{ remoteId: 'g1', name: 'Team', members: [ada.userName] }],
};

/** The keys that are compared. */
const user = {
  id: 'diruser_u1',
  dp_id: '00u1',
  preferred_username: ada.userName,
  email: ada.email,
  active: true,
  name: 'Ada Ray',
  given_name: 'Ada',
  family_name: 'Ray',
  title: null,
  department: null,
  cost_center: null,
  employee_id: null,
  phone_number: null,
  groups: [{ id: 'dirgroup_g1', name: 'a name of old' }],
} as unknown as UserData;
const group = { id: 'dirgroup_g1', display_name: 'Team', total_users: 1 } as unknown as GroupData;

describe("the sample app's copy", () => {
  it('equals what the provider holds when every attribute, group and member does', () => {
    expect(findDifferences(held, { users: [user], groups: [group] })).toEqual([]);
  });

  it('shows what is missing and what is too much', () => {
    expect(findDifferences(held, { users: [], groups: [] })).toEqual([
      'user ada@x.example has not arrived',
      'group Team has not arrived',
    ]);
    expect(findDifferences({ users: [], groups: [] }, { users: [user], groups: [group] })).toEqual([
      'user diruser_u1 is in the app, not at the provider',
      'group dirgroup_g1 is in the app, not at the provider',
    ]);
  });

  it('shows what differs', () => {
    expect(findDifferences(held, { users: [{ ...user, active: false }], groups: [group] })).toEqual([
      'user ada@x.example: active is false, the provider has true',
    ]);
    expect(findDifferences(held, { users: [{ ...user, groups: [] }], groups: [group] })).toEqual([
      'user ada@x.example: groups is [], the provider has ["dirgroup_g1"]',
    ]);
    expect(
      findDifferences(held, { users: [user], groups: [{ ...group, display_name: 'Other', total_users: 2 }] }),
    ).toEqual(['group Team is called Other', 'group Team has 2 users, the provider 1']);
  });
});

describe('the events', () => {
  const stored = [1, 2, 3].map((sequence) => ({ id: `evt_${sequence}`, sequence, body: `{"n":${sequence}}` }));
  const received = new Map(stored.map(({ id, body }) => [id, body]));

  it('are complete when they are numbered from 1 and each arrived with the same bytes', () => {
    expect(findGaps(stored, received)).toEqual([]);
  });

  it('are not when a number is missing, one has not arrived, or the bytes differ', () => {
    expect(findGaps([stored[0]!, stored[2]!], received)).toEqual(['event 2 of the directory has the sequence 3']);
    expect(findGaps(stored, new Map([...received].slice(1)))).toEqual(['1 events have not arrived: sequence 1']);
    expect(findGaps(stored, new Map([...received, ['evt_2', '{ "n": 2 }']]))).toEqual([
      '1 events differ between webhook and API: sequence 2',
    ]);
  });
});
