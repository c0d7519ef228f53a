import { EVENT_TYPES, objectOf, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import type { EventEnvelope } from '@rollcall/contract';
import { compileRules, NO_RULES } from './compile-rules';
import { newId } from '@rollcall/platform';
import { describe, expect, it } from 'vitest';
import { normalizeDirectory } from './normalize-directory';
import { normalizeGroup } from './normalize-group';
import { normalizeUser } from './normalize-user';
import { sampleEvent } from './sample-event';

const environmentId = newId();
const id = newId();
const occurredAt = new Date('2026-11-22T08:00:00Z');
const ids = { environmentId, organizationId: newId(), directoryId: newId() };

const read = (type: Parameters<typeof sampleEvent>[0]) =>
  JSON.parse(sampleEvent(type, { id, environmentId, occurredAt })) as EventEnvelope<Record<string, unknown>>;

describe('sampleEvent', () => {
  it.each([...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES])('makes an envelope of %s outside any log', (type) => {
    const event = read(type);
    expect(event).toMatchObject({ spec_version: '1', type, object: objectOf(type), sequence: null, test: true });
    expect([event.id, event.environment_id]).toEqual([`evt_${id}`, `env_${environmentId}`]);
    expect(event.occurred_at).toBe(occurredAt.toISOString());
    expect('previous_attributes' in event).toBe(type.endsWith('_updated'));
    expect(JSON.stringify(event.data)).toMatch(/test/i);
  });

  it('has every key of a real user, group and directory, in the same order', () => {
    const context = { ...ids, rules: compileRules(NO_RULES) };
    const user = normalizeUser({ userName: 'ann' }, { userId: newId(), groups: [], published: null }, context);
    const group = normalizeGroup({ displayName: 'G' }, { groupId: newId(), totalUsers: 0 }, ids);
    const directory = normalizeDirectory(
      {
        name: 'D',
        directoryType: 'SCIM',
        directoryProvider: 'OKTA',
        enabled: true,
        status: 'DRAFT',
        updatedAt: occurredAt,
      },
      ids,
    );
    expect(Object.keys(read('organization.directory.user_created').data)).toEqual(Object.keys(user));
    expect(Object.keys(read('organization.directory.group_created').data)).toEqual(Object.keys(group));
    expect(Object.keys(read('organization.directory_created').data)).toEqual(Object.keys(directory));
    const { group: changed, added, removed } = read('organization.directory.group_members_changed').data;
    expect(Object.keys(changed as object)).toEqual(Object.keys(group));
    expect([added, removed]).toEqual([[expect.anything()], [expect.anything()]]);
  });

  it('leaves nothing of a user empty, so that a receiver sees what every field looks like', () => {
    const empty = Object.entries(read('organization.directory.user_created').data).filter(
      ([, value]) => value === null || (typeof value === 'object' && Object.keys(value).length === 0),
    );
    expect(empty).toEqual([]);
  });
});
