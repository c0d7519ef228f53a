import type { Held } from '@rollcall/idp-simulator';
import { describe, expect, it } from 'vitest';
import { applyEvent, type AppState, createAppState, type DemoEvent } from './apply-event';
import { findDifferences, findGaps } from './find-differences';

const ada = { id: '00u1', userName: 'ada@x.example', givenName: 'Ada', familyName: 'Ray', email: 'ada@x.example' };
const held: Held = {
  users: [{ remoteId: 'u1', externalId: '00u1', active: true, person: ada, groups: ['g1'] }],
  groups: [{ remoteId: 'g1', name: 'Team', members: [ada.userName] }],
};

const USER = {
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
  groups: [{ id: 'dirgroup_g1', name: 'Team' }],
};
const GROUP = { id: 'dirgroup_g1', display_name: 'Team' };

function event(sequence: number, type: string, data: Record<string, unknown>): DemoEvent {
  return { id: `evt_${sequence}`, type: `organization.directory.${type}`, directory_id: 'dir_1', sequence, data };
}

const STORY = [
  event(2, 'user_created', { ...USER, groups: [] }),
  event(3, 'group_created', GROUP),
  event(4, 'group_members_changed', { group: GROUP, added: [{ id: 'diruser_u1' }], removed: [] }),
  event(5, 'user_updated', USER),
];

function appAfter(events: DemoEvent[]): AppState {
  const state = createAppState();
  for (const each of events) applyEvent(state, each);
  return state;
}

describe("the sample app's copy", () => {
  it('equals what the provider holds after the events, in whatever order different objects arrive', () => {
    expect(findDifferences(held, appAfter(STORY))).toEqual([]);
    const [created, group, members, updated] = STORY as [DemoEvent, DemoEvent, DemoEvent, DemoEvent];
    expect(findDifferences(held, appAfter([group, members, created, updated]))).toEqual([]);
  });

  it('is not set back by a repeat or a late event of the same object', () => {
    expect(findDifferences(held, appAfter([...STORY, ...STORY.toReversed()]))).toEqual([]);
  });

  it('loses deleted users and groups', () => {
    const state = appAfter([...STORY, event(6, 'user_deleted', USER), event(7, 'group_deleted', GROUP)]);
    expect(findDifferences({ users: [], groups: [] }, state)).toEqual([]);
  });

  it('shows what is missing, different and too much', () => {
    expect(findDifferences(held, appAfter([]))).toEqual([
      'user ada@x.example has not arrived',
      'group Team has not arrived',
    ]);
    expect(findDifferences({ users: [], groups: [] }, appAfter(STORY))).toEqual([
      'user diruser_u1 is in the app, not at the provider',
      'group dirgroup_g1 is in the app, not at the provider',
    ]);
    const stale = appAfter([...STORY, event(6, 'user_updated', { ...USER, active: false })]);
    expect(findDifferences(held, stale)).toEqual(['user ada@x.example: active is false, the provider has true']);
    const emptied = appAfter([
      ...STORY,
      event(6, 'group_members_changed', { group: GROUP, added: [], removed: [{ id: 'diruser_u1' }] }),
    ]);
    expect(findDifferences(held, emptied)).toEqual(['group Team: 1 members are missing, 0 too many']);
    const renamed = appAfter([...STORY, event(6, 'group_updated', { ...GROUP, display_name: 'Other' })]);
    expect(findDifferences(held, renamed)).toEqual(['group Team is called Other']);
  });
});

describe('the events', () => {
  const stored = [1, 2, 3].map((sequence) => ({ id: `evt_${sequence}`, sequence, body: `{"n":${sequence}}` }));
  const received = new Map(stored.map(({ id, body }) => [id, { body }]));

  it('are complete when they are numbered from 1 and each arrived with the same bytes', () => {
    expect(findGaps(stored, received)).toEqual([]);
  });

  it('are not when a number is missing, one has not arrived, or the bytes differ', () => {
    expect(findGaps([stored[0]!, stored[2]!], received)).toEqual(['event 2 of the directory has the sequence 3']);
    expect(findGaps(stored, new Map([...received].slice(1)))).toEqual(['1 events have not arrived: sequence 1']);
    expect(findGaps(stored, new Map([...received, ['evt_2', { body: '{ "n": 2 }' }]]))).toEqual([
      '1 events differ between webhook and API: sequence 2',
    ]);
  });
});
