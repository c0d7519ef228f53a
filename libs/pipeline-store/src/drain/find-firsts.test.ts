import type { UserData } from '@rollcall/contract';
import type { NormalizedBatch } from '@rollcall/events';
import { expect, it } from 'vitest';
import { findFirsts } from './find-firsts';

type Batch = Parameters<typeof findFirsts>[0];

const time = (minute: number) => new Date(Date.UTC(2026, 10, 29, 10, minute));
const event = (type: string, minute: number, resourceId = 'u1') =>
  ({
    type: `organization.directory.${type}`,
    occurredAt: time(minute),
    resourceId,
  }) as NormalizedBatch['events'][number];
const user = (id: string, active: boolean, roles?: unknown) =>
  ({
    id,
    sequence: 1,
    data: { active, raw_attributes: { roles }, roles: [] } as Partial<UserData>,
  }) as NormalizedBatch['users']['upserts'][number];

const batch = (given: Partial<Batch>): Batch => ({
  events: [],
  users: { upserts: [], deletes: [] },
  memberships: { adds: [], removes: [] },
  ...given,
});

it('is when each kind of traffic came first', () => {
  const events = [
    event('user_created', 1),
    event('user_created', 2),
    event('group_created', 3),
    event('group_members_changed', 4),
  ];
  const memberships = { adds: [{ groupId: 'g', userId: 'u1' }], removes: [] };
  expect(findFirsts(batch({ events, memberships }))).toEqual({
    user: time(1),
    group: time(3),
    member: time(4),
    role: null,
    deactivation: null,
  });
});

it('takes a user who was made inactive, or deleted, for one who lost access', () => {
  const events = [event('user_updated', 1, 'u1'), event('user_updated', 2, 'u2')];
  const users = { upserts: [user('u1', true), user('u2', false)], deletes: [] };
  expect(findFirsts(batch({ events, users })).deactivation).toEqual(time(2));
  expect(findFirsts(batch({ events: [event('user_deleted', 3)] })).deactivation).toEqual(time(3));
  expect(findFirsts(batch({ events: [event('user_created', 1, 'u2')], users })).deactivation).toBeNull();
});

it('has no member when members were only removed', () => {
  const memberships = { adds: [], removes: [{ groupId: 'g', userId: 'u1' }] };
  expect(findFirsts(batch({ events: [event('group_members_changed', 1)], memberships })).member).toBeNull();
});

it('has a role once a user has one that was sent, and neither an empty one nor one of a group', () => {
  const events = [event('user_created', 1, 'u1'), event('user_updated', 2, 'u2'), event('user_updated', 3, 'u3')];
  const given = { ...user('u1', true), data: { ...user('u1', true).data, roles: [{ role_name: 'member' }] } };
  const upserts = [given, user('u2', true, [{ type: 'Administrator', value: '' }]), user('u3', true, ['admin'])];
  expect(findFirsts(batch({ events, users: { upserts, deletes: [] } })).role).toEqual(time(3));
});
