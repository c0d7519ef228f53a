import { expect, it } from 'vitest';
import type { RollcallEvent } from '@rollcall/sdk';
import { describeEvent } from './describe-event';

/** Only what the line is made of. */
function event(type: string, data: Record<string, unknown>, previous?: Record<string, unknown>): RollcallEvent {
  const base = { id: 'evt_1', type: `organization.directory.${type}`, directory_id: 'dir_1', sequence: 1, data };
  return { ...base, ...(previous ? { previous_attributes: previous } : {}) } as unknown as RollcallEvent;
}

it('names whom an event is about and what changed, the old value first', () => {
  const data = { name: 'Ada', title: 'Lead', groups: [{ id: 'g', name: 'Team' }], active: false };
  expect(describeEvent(event('user_created', data))).toBe('Ada');
  expect(describeEvent(event('user_updated', data, { title: null, groups: [], active: true }))).toBe(
    'Ada: title none → Lead, groups [] → [Team], active true → false',
  );
});

it('shows three changes and counts the others', () => {
  const changes = { a: 1, b: 1, c: 1, d: 1, e: 1 };
  expect(describeEvent(event('user_updated', { name: 'Ada', a: 2, b: 2, c: 2, d: 2, e: 2 }, changes))).toBe(
    'Ada: a 1 → 2, b 1 → 2, c 1 → 2, and 2 more',
  );
});

it('lists few members and counts many', () => {
  const group = { id: 'dirgroup_1', display_name: 'Team' };
  const many = Array.from({ length: 9 }, () => ({ email: 'x@x.example' }));
  expect(
    describeEvent(event('group_members_changed', { group, added: many, removed: [{ email: 'a@x.example' }] })),
  ).toBe('Team: +9 members, −a@x.example');
});
