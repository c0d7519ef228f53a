import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEACTIVATIONS, DIALECTS, EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import type {
  Deactivation,
  Dialect,
  EventType,
  OperationalEventType,
  PreviousAttributes,
  UserData,
} from '@rollcall/contract';
import { renderEvent, sampleEvent } from '@rollcall/events';
import { newId, publicId } from '@rollcall/platform';
import type { DialectMessage } from './dialect-message';
import { readEvent } from './read-event';
import { renderMessages, unsentMessages } from './render-messages';
import { readWorkosEventId } from './workos';

const environmentId = newId();
const occurredAt = new Date('2026-11-21T10:20:17.072Z');

function sample(type: EventType | OperationalEventType): string {
  return sampleEvent(type, { id: newId(), environmentId, occurredAt });
}

const { data: user } = readEvent(sample('organization.directory.user_created')) as { data: UserData };

interface UserCase {
  type: EventType;
  active: boolean;
  was?: boolean;
  changed?: PreviousAttributes;
}

function userEvent({ type, active, was, changed = { title: null } }: UserCase): string {
  const before = was === undefined ? changed : { active: was };
  return renderEvent({
    id: newId(),
    type,
    environmentId,
    organizationId: newId(),
    directoryId: newId(),
    sequence: 7,
    occurredAt,
    data: { ...user, active },
    ...(type.endsWith('updated') && { previousAttributes: before }),
  });
}

function tell(dialect: Dialect, body: string, deactivation: Deactivation | null = null): DialectMessage[] {
  return renderMessages({ name: dialect, deactivation }, body);
}

function read(message: DialectMessage | undefined): Record<string, unknown> & { data: Record<string, unknown> } {
  return JSON.parse(message?.body ?? '{}') as Record<string, unknown> & { data: Record<string, unknown> };
}

describe('a dialect', () => {
  const settings = fc.record({
    name: fc.constantFrom(...DIALECTS),
    deactivation: fc.constantFrom(...DEACTIVATIONS, null),
  });
  const text = fc.option(fc.string());
  const anyUser = fc.record({
    active: fc.boolean(),
    email: text,
    given_name: text,
    title: text,
    dp_id: text,
    emails: fc.array(fc.record({ value: fc.string(), type: text, primary: fc.boolean() }), { maxLength: 3 }),
    roles: fc.array(fc.record({ role_name: fc.string() }), { maxLength: 2 }),
    custom_attributes: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  });
  const anyBefore = fc.record(
    { active: fc.boolean(), title: text, groups: fc.constant([]), custom_attributes: fc.dictionary(fc.string(), text) },
    { requiredKeys: [] },
  );

  it('makes the same messages of the same bytes at every call, each under an id of its own', () => {
    const types = fc.constantFrom<EventType>(
      'organization.directory.user_created',
      'organization.directory.user_updated',
      'organization.directory.user_deleted',
    );
    fc.assert(
      fc.property(settings, types, anyUser, anyBefore, (chosen, type, changes, before) => {
        const body = renderEvent({
          id: newId(),
          type,
          environmentId,
          organizationId: newId(),
          directoryId: newId(),
          sequence: 1,
          occurredAt,
          data: { ...user, ...changes },
          previousAttributes: before,
        });
        const messages = renderMessages(chosen, body);
        expect(renderMessages(chosen, body)).toEqual(messages);
        expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
        for (const message of messages) expect(read(message)['id']).toBe(message.id);
      }),
    );
  });

  it.each(DIALECTS)('%s tells every type that it knows, and nothing of the rest', (name) => {
    const known = [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES].filter((type) => tell(name, sample(type)).length > 0);
    const untold =
      name === 'scalekit'
        ? ['directory_created', 'directory_deleted', 'directory.group_members_changed']
        : ['directory_disabled'];
    expect(known).toEqual(EVENT_TYPES.filter((type) => !untold.includes(type.replace('organization.', ''))));
  });

  it.each<[UserCase, string | null, string | null]>([
    [{ type: 'organization.directory.user_created', active: true }, 'created', 'created'],
    [{ type: 'organization.directory.user_created', active: false }, null, 'created'],
    [{ type: 'organization.directory.user_updated', active: true }, 'updated', 'updated'],
    [{ type: 'organization.directory.user_updated', active: false, was: true }, 'deleted', 'updated'],
    [{ type: 'organization.directory.user_updated', active: false }, null, 'updated'],
    [{ type: 'organization.directory.user_updated', active: true, was: false }, 'created', 'updated'],
    [{ type: 'organization.directory.user_deleted', active: true }, 'deleted', 'deleted'],
    [{ type: 'organization.directory.user_deleted', active: false }, 'deleted', 'deleted'],
  ])('leaves no leaver behind unless told to: %o', (event, asDeleted, asChanged) => {
    const body = userEvent(event);
    for (const dialect of DIALECTS) {
      const verb = (deactivation: Deactivation | null) =>
        tell(dialect, body, deactivation)[0]?.type.replace(/^.*[._]/, '') ?? null;
      expect([verb(null), verb('delete'), verb('update')]).toEqual([asDeleted, asDeleted, asChanged]);
    }
  });
});

describe('scalekit', () => {
  it('has addresses as texts, names groups twice and nothing in the envelope that is not theirs', () => {
    const [message] = tell('scalekit', userEvent({ type: 'organization.directory.user_updated', active: true }));
    const event = read(message);
    expect(Object.keys(event).toSorted()).toEqual(
      // prettier-ignore
      ['data', 'display_name', 'environment_id', 'id', 'object', 'occurred_at', 'organization_id', 'spec_version', 'type'],
    );
    expect(event.data).toMatchObject({
      emails: ['test.user@example.com'],
      address: { state: 'EX', postal_code: '00000' },
      groups: [{ name: 'Test group', display_name: 'Test group' }],
    });
  });

  it('has when a directory was synchronized, which is not known', () => {
    const [message] = tell('scalekit', sample('organization.directory_enabled'));
    expect(read(message).data).toMatchObject({ provider: 'CUSTOM', enabled: true, last_sync_at: null });
  });
});

describe('of what was imported', () => {
  const [org, dir] = [publicId('org', newId()), publicId('dir', newId())];
  const theirs = { org: 'their_org', dir: 'their_dir', user: 'their_user', group: 'their_group' };

  /** An event of which everything came from a service. */
  function imported(type: EventType, service: Dialect): string {
    const event = JSON.parse(sample(type)) as { object: string; data: Record<string, unknown> };
    const from = (id: string) => ({ external_ids: { [service]: id } });
    const place = { organization_id: org, directory_id: dir };
    const kinds: Record<string, string> = { DirectoryUser: theirs.user, DirectoryGroup: theirs.group };
    const each = (key: string, id: string) =>
      Array.isArray(event.data[key]) && {
        [key]: (event.data[key] as object[]).map((one) => ({ ...one, ...from(id) })),
      };
    const { group } = event.data;
    const data = {
      ...event.data,
      ...(typeof group === 'object'
        ? { group: { ...group, ...place, ...from(theirs.group) } }
        : {
            ...(event.object === 'Directory' ? { id: dir } : place),
            organization_id: org,
            ...from(kinds[event.object] ?? theirs.dir),
          }),
      ...(event.object === 'DirectoryUser' && { manager: { ...user.manager, ...from(theirs.user) } }),
      ...each('groups', theirs.group),
      ...each('added', theirs.user),
      ...each('removed', theirs.user),
    };
    const external_ids = { organization: { [service]: theirs.org }, directory: { [service]: theirs.dir } };
    return JSON.stringify({ ...event, ...place, external_ids, data });
  }

  const told = DIALECTS.flatMap((service) =>
    EVENT_TYPES.filter((type) => tell(service, sample(type)).length > 0).map((type) => [service, type] as const),
  );
  it.each(told)('%s tells %s with the ids that things had there, and none of ours', (service, type) => {
    const messages = tell(service, imported(type, service));
    expect(messages).toHaveLength(tell(service, sample(type)).length);
    for (const { body } of messages) {
      expect(body.replaceAll(/"environment_id":"[^"]*"/g, '')).not.toMatch(
        /"(?:org|dir|diruser|dirgroup)_[0-9a-z]{26}"/,
      );
      expect(body).toContain(`"${theirs.org}"`);
      expect(body).toContain(`"${theirs.dir}"`);
    }
  });

  it.each(told)('%s tells %s with ours where things came from elsewhere', (service, type) => {
    const other = service === 'scalekit' ? 'workos' : 'scalekit';
    for (const { body } of tell(service, imported(type, other))) expect(body).not.toMatch(/"(?:id|\w+_id)":"their_/);
  });

  it('makes the same messages of an event that an erasure has left without them', () => {
    const { data, ...event } = JSON.parse(imported('organization.directory.user_deleted', 'workos')) as {
      data: object;
    };
    const erased = JSON.stringify({ ...event, erased: true, data: { ...data, groups: [], external_ids: null } });
    expect(read(tell('workos', erased)[0]).data).toMatchObject({ id: user.id, organization_id: theirs.org });
  });
});

describe('workos', () => {
  it('tells each member who came or went, in order, under an id from which ours can be read', () => {
    const body = sample('organization.directory.group_members_changed');
    const { id } = readEvent(body);
    const messages = tell('workos', body);
    expect(messages.map(({ type }) => type)).toEqual(['dsync.group.user_added', 'dsync.group.user_removed']);
    expect(messages.map(({ id: own }) => readWorkosEventId(own))).toEqual([id, id]);
    expect(readWorkosEventId(`event_${id.slice(4)}`)).toBe(id);
    expect(readWorkosEventId('event_01FKJ843CVE8F7BXQSPFH0M53V')).toBeNull();
  });

  it('tells of a user who comes back the groups as well, which the receiver has forgotten', () => {
    const body = userEvent({ type: 'organization.directory.user_updated', active: true, was: false });
    const messages = tell('workos', body);
    expect(messages.map(({ type }) => type)).toEqual(['dsync.user.created', 'dsync.group.user_added']);
    expect(read(messages[1]).data).toMatchObject({ user: { id: user.id }, group: { name: 'Test group' } });
    expect(new Set(messages.map(({ id }) => readWorkosEventId(id)))).toEqual(new Set([readEvent(body).id]));
  });

  it('says nothing of a user of whom only groups have changed, which have events of their own', () => {
    const changed = { groups: [] };
    const event = userEvent({ type: 'organization.directory.user_updated', active: true, changed });
    expect(tell('workos', event)).toEqual([]);
  });

  it('tells old values by the names of the new ones', () => {
    const changed = { given_name: 'Ann', title: 'Clerk', custom_attributes: { badge: null } };
    const [message] = tell('workos', userEvent({ type: 'organization.directory.user_updated', active: true, changed }));
    expect(read(message).data).toMatchObject({
      first_name: 'Test',
      custom_attributes: { job_title: 'Senior Example', badge: 'test' },
      previous_attributes: { first_name: 'Ann', custom_attributes: { job_title: 'Clerk', badge: null } },
    });
  });
});

describe('what is still to be sent', () => {
  const messages = ['a', 'b', 'c'].map((id) => ({ id: publicId('evt', id), type: 't', body: id }));
  it.each([
    [null, 'abc'],
    [{ messageId: 'evt_b', succeeded: false }, 'bc'],
    [{ messageId: 'evt_b', succeeded: true }, 'c'],
    [{ messageId: 'evt_c', succeeded: true }, 'abc'],
    [{ messageId: 'evt_x', succeeded: false }, 'abc'],
    [{ messageId: null, succeeded: false }, 'abc'],
  ])('after %o is %s', (last, left) => {
    expect(
      unsentMessages(messages, last)
        .map(({ body }) => body)
        .join(''),
    ).toBe(left);
  });
});
