import { describe, expect, it } from 'vitest';
import type { Change } from './change';
import { normalizeChanges } from './normalize-changes';
import { SimulatedDirectory, TENANT } from './simulated-directory.test-support';
import type { DrainOptions, ParsedEvent } from './simulated-directory.test-support';

const occurredAt = new Date('2026-11-21T10:20:17.072Z');
let lastChangeId = 0;

function base() {
  return { id: String((lastChangeId += 1)), occurredAt };
}

function writeUser(resourceId: string, resource: Record<string, unknown> = {}): Change {
  return { ...base(), kind: 'user_written', resourceId, resource: { userName: `${resourceId}@acme.com`, ...resource } };
}

function deleteUser(resourceId: string): Change {
  return { ...base(), kind: 'user_deleted', resourceId };
}

function writeGroup(resourceId: string, displayName = resourceId.toUpperCase()): Change {
  return { ...base(), kind: 'group_written', resourceId, resource: { displayName } };
}

function changeMembers(resourceId: string, added: string[], removed: string[] = []): Change {
  return { ...base(), kind: 'members_changed', resourceId, added, removed };
}

function deleteGroup(resourceId: string): Change {
  return { ...base(), kind: 'group_deleted', resourceId };
}

function directoryWith(changes: Change[], options: DrainOptions = {}): SimulatedDirectory {
  const directory = new SimulatedDirectory(options);
  directory.enqueue(changes);
  directory.drain();
  return directory;
}

/** The events that some changes add to what others published before. */
function eventsOf(directory: SimulatedDirectory, changes: Change[]): ParsedEvent[] {
  const before = directory.events.length;
  directory.enqueue(changes);
  directory.drain();
  return directory.events.slice(before);
}

function shortTypes(events: readonly ParsedEvent[]): string[] {
  return events.map(
    ({ type, data }) => `${type.replace(/^organization\.(directory\.)?/, '')} ${data.group?.id ?? data.id}`,
  );
}

describe('users', () => {
  it('gives user_created once, then user_updated with the whole old value of what changed', () => {
    const directory = directoryWith([writeUser('u1', { title: 'A', emails: [{ value: 'a@x' }] })]);
    expect(directory.events[0]).toMatchObject({ type: 'organization.directory.user_created', sequence: 1 });
    expect(directory.events[0]).not.toHaveProperty('previous_attributes');
    const [updated, ...rest] = eventsOf(directory, [
      writeUser('u1', { title: 'B', nickName: 'N', emails: [{ value: 'b@x' }] }),
    ]);
    expect(rest).toEqual([]);
    expect(updated).toMatchObject({ type: 'organization.directory.user_updated', sequence: 2, data: { title: 'B' } });
    expect(updated?.previous_attributes).toEqual({
      email: 'a@x',
      emails: [{ value: 'a@x', type: null, primary: false }],
      nickname: null,
      title: 'A',
    });
  });

  it('gives no event for a write that changes nothing', () => {
    const directory = directoryWith([writeUser('u1'), writeUser('u1'), writeGroup('g1'), writeGroup('g1')]);
    expect(shortTypes(directory.events)).toEqual(['user_created diruser_u1', 'group_created dirgroup_g1']);
    expect(directory.pendingChanges).toEqual([]);
  });

  it('gives user_updated with empty previous_attributes when only raw_attributes changed', () => {
    const directory = directoryWith([writeUser('u1')]);
    const [updated] = eventsOf(directory, [writeUser('u1', { shirt: 'L' })]);
    expect(updated).toMatchObject({ data: { raw_attributes: { shirt: 'L' } }, previous_attributes: {} });
  });

  it('tells changed custom attributes by key, null for a new one', () => {
    const attributeMappings = ['a', 'b', 'c'].map((key) => ({ key, map_to: key }));
    const roles = { defaultRole: null, assignments: [], attributeMappings };
    const directory = directoryWith([writeUser('u1', { a: 1, b: 2 })], { roles });
    const [updated] = eventsOf(directory, [writeUser('u1', { b: 2, c: 3 })]);
    expect(updated?.data.custom_attributes).toEqual({ b: 2, c: 3 });
    expect(updated?.previous_attributes).toEqual({ custom_attributes: { a: 1, c: null } });
  });

  it('gives an event for each of two quick opposite changes', () => {
    const directory = directoryWith([writeUser('u1')]);
    const events = eventsOf(directory, [writeUser('u1', { active: false }), writeUser('u1', { active: true })]);
    expect(events.map(({ data, previous_attributes }) => [data.active, previous_attributes])).toEqual([
      [false, { active: true }],
      [true, { active: false }],
    ]);
  });

  it('leaves the groups of a deleted user, without a user_updated', () => {
    const directory = directoryWith([
      writeUser('u1'),
      writeUser('u2'),
      writeGroup('g1'),
      writeGroup('g2'),
      changeMembers('g1', ['u1', 'u2']),
      changeMembers('g2', ['u1']),
    ]);
    const events = eventsOf(directory, [deleteUser('u1')]);
    expect(shortTypes(events)).toEqual([
      'user_deleted diruser_u1',
      'group_members_changed dirgroup_g1',
      'group_members_changed dirgroup_g2',
    ]);
    const removed = [{ id: 'diruser_u1', email: 'u1@acme.com', dp_id: null }];
    expect(events[0]?.data).toMatchObject({ id: 'diruser_u1', groups: [{ id: 'dirgroup_g1' }, { id: 'dirgroup_g2' }] });
    expect(events[1]?.data).toMatchObject({ group: { total_users: 1 }, added: [], removed });
    expect(events[2]?.data).toMatchObject({ group: { total_users: 0 }, added: [], removed });
    expect([...directory.memberships]).toEqual(['u2 g1']);
  });

  it('keeps the last real e-mail when Entra soft-deletes', () => {
    const directory = directoryWith([writeUser('u1')]);
    const userName = '0a1b2c3d4e5f60718293a4b5c6d7e8f9u1@acme.com';
    const [updated] = eventsOf(directory, [writeUser('u1', { userName, active: false })]);
    expect(updated?.data).toMatchObject({ email: 'u1@acme.com', preferred_username: userName });
    expect(Object.keys(updated?.previous_attributes ?? {})).toEqual(['preferred_username', 'active']);
  });
});

describe('groups', () => {
  const people = [writeUser('u1', { externalId: 'x1' }), writeUser('u2')];

  it('gives group_created, group_members_changed, then user_updated each for a group created with members', () => {
    const directory = directoryWith(people);
    const events = eventsOf(directory, [writeGroup('g1', 'Staff'), changeMembers('g1', ['u1', 'u2'])]);
    expect(shortTypes(events)).toEqual([
      'group_created dirgroup_g1',
      'group_members_changed dirgroup_g1',
      'user_updated diruser_u1',
      'user_updated diruser_u2',
    ]);
    expect(events[0]?.data).toMatchObject({ display_name: 'Staff', total_users: 0 });
    expect(events[1]).toMatchObject({
      object: 'DirectoryGroup',
      data: {
        group: { id: 'dirgroup_g1', display_name: 'Staff', total_users: 2 },
        added: [
          { id: 'diruser_u1', email: 'u1@acme.com', dp_id: 'x1' },
          { id: 'diruser_u2', email: 'u2@acme.com', dp_id: null },
        ],
        removed: [],
      },
    });
    expect(events[1]).not.toHaveProperty('previous_attributes');
    expect(events[2]).toMatchObject({
      data: { groups: [{ id: 'dirgroup_g1', name: 'Staff' }] },
      previous_attributes: { groups: [] },
    });
  });

  it('gives group_updated only for a rename, and users carry the new name in their next event', () => {
    const directory = directoryWith([...people, writeGroup('g1', 'Staff'), changeMembers('g1', ['u1'])]);
    const renamed = eventsOf(directory, [writeGroup('g1', 'Crew')]);
    expect(shortTypes(renamed)).toEqual(['group_updated dirgroup_g1']);
    expect(renamed[0]).toMatchObject({ data: { total_users: 1 }, previous_attributes: { display_name: 'Staff' } });
    expect(directory.publishedUsers().get('u1')?.groups).toEqual([{ id: 'dirgroup_g1', name: 'Staff' }]);
    const [next] = eventsOf(directory, [writeUser('u1', { externalId: 'x1', title: 'T' })]);
    expect(next?.data.groups).toEqual([{ id: 'dirgroup_g1', name: 'Crew' }]);
    expect(next?.previous_attributes).toEqual({ title: null, groups: [{ id: 'dirgroup_g1', name: 'Staff' }] });
  });

  it('announces only what a membership write really changes', () => {
    const directory = directoryWith([...people, writeGroup('g1'), changeMembers('g1', ['u1'])]);
    expect(eventsOf(directory, [changeMembers('g1', ['u1'], ['u2'])])).toEqual([]);
    const [changed] = eventsOf(directory, [changeMembers('g1', ['u1', 'u2', 'u2'])]);
    expect(changed?.data.added?.map(({ id }) => id)).toEqual(['diruser_u2']);
    expect(changed?.data.group?.total_users).toBe(2);
    expect(eventsOf(directory, [changeMembers('g1', ['u1'], ['u1'])])).toEqual([]);
  });

  it('leaves members out that are no published users, such as nested groups', () => {
    const directory = directoryWith([...people, writeGroup('g1'), writeGroup('g2')]);
    const events = eventsOf(directory, [changeMembers('g1', ['g2', 'u1']), changeMembers('g1', ['unknown'])]);
    expect(shortTypes(events)).toEqual(['group_members_changed dirgroup_g1', 'user_updated diruser_u1']);
    expect(events[0]?.data).toMatchObject({ group: { total_users: 1 }, added: [{ id: 'diruser_u1' }] });
  });

  it('gives group_deleted, then user_updated per member, whatever the slices', () => {
    const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
    for (const sliceSize of [1, 2, 5, 500]) {
      const directory = directoryWith(
        [...users.map((id) => writeUser(id)), writeGroup('g1'), writeGroup('g2'), changeMembers('g1', users)],
        { sliceSize },
      );
      const events = eventsOf(directory, [changeMembers('g2', ['u3']), deleteGroup('g1'), writeUser('u9')]);
      expect(shortTypes(events.slice(2))).toEqual([
        'group_deleted dirgroup_g1',
        ...users.map((id) => `user_updated diruser_${id}`),
        'user_created diruser_u9',
      ]);
      expect(events[2]?.data).toMatchObject({ total_users: 5 });
      expect(events[5]).toMatchObject({
        data: { groups: [{ id: 'dirgroup_g2' }] },
        previous_attributes: { groups: [{ id: 'dirgroup_g1' }, { id: 'dirgroup_g2' }] },
      });
      expect([...directory.memberships]).toEqual(['u3 g2']);
    }
  });

  it('updates members who joined in the same batch as the group is deleted', () => {
    const directory = directoryWith([
      writeUser('u1'),
      writeGroup('g1'),
      changeMembers('g1', ['u1']),
      deleteGroup('g1'),
    ]);
    expect(shortTypes(directory.events.slice(-2))).toEqual(['group_deleted dirgroup_g1', 'user_updated diruser_u1']);
    expect(directory.publishedUsers().get('u1')?.groups).toEqual([]);
    expect(directory.memberships).toEqual(new Set());
  });

  it('keeps what is published of users, groups and memberships in step when some are deleted', () => {
    const directory = directoryWith([...people, writeGroup('g1'), writeGroup('g2'), changeMembers('g1', ['u1', 'u2'])]);
    expect([directory.users.size, directory.groups.size, directory.memberships.size]).toEqual([2, 2, 2]);
    eventsOf(directory, [deleteUser('u1'), deleteGroup('g1'), writeUser('u3'), deleteUser('u3')]);
    expect([directory.users.size, directory.groups.size, directory.memberships.size]).toEqual([1, 1, 0]);
  });
});

describe('roles', () => {
  const roles = {
    defaultRole: 'viewer',
    assignments: [
      { group_id: 'g2', role_name: 'admin' },
      { group_id: 'g1', role_name: 'member' },
    ],
    attributeMappings: [],
  };

  it('follow the groups in order of precedence and fall back to the default role', () => {
    const directory = directoryWith([writeUser('u1'), writeGroup('g1'), writeGroup('g2')], { roles });
    const rolesAfter = (change: Change) => eventsOf(directory, [change]).at(-1)?.data.roles;
    expect(directory.events[0]?.data.roles).toEqual([{ role_name: 'viewer' }]);
    expect(rolesAfter(changeMembers('g1', ['u1']))).toEqual([{ role_name: 'member' }]);
    expect(rolesAfter(changeMembers('g2', ['u1']))).toEqual([{ role_name: 'admin' }, { role_name: 'member' }]);
    expect(rolesAfter(deleteGroup('g2'))).toEqual([{ role_name: 'member' }]);
    expect(rolesAfter(changeMembers('g1', [], ['u1']))).toEqual([{ role_name: 'viewer' }]);
  });

  it('keep those of the SCIM attribute through membership changes', () => {
    const directory = directoryWith([writeUser('u1', { roles: ['editor'] }), writeGroup('g1')], { roles });
    const [, updated] = eventsOf(directory, [changeMembers('g1', ['u1'])]);
    expect(updated?.data.roles).toEqual([{ role_name: 'editor' }, { role_name: 'member' }]);
    expect(updated?.previous_attributes).toEqual({ groups: [], roles: [{ role_name: 'editor' }] });
  });
});

describe('directories', () => {
  it('give one event of their own for each step of their life, numbered with the others', () => {
    const facts = { directoryType: 'SCIM', directoryProvider: 'OKTA', enabled: true, status: 'DRAFT' as const };
    const directory = { ...facts, name: 'Okta', updatedAt: occurredAt };
    const events = eventsOf(new SimulatedDirectory(), [
      { ...base(), kind: 'directory_written', lifecycle: 'created', directory },
      writeUser('u1'),
      { ...base(), kind: 'directory_written', lifecycle: 'disabled', directory: { ...directory, enabled: false } },
      { ...base(), kind: 'directory_written', lifecycle: 'enabled', directory },
      { ...base(), kind: 'directory_written', lifecycle: 'deleted', directory },
    ]);
    expect(events.map(({ type, object, sequence }) => [type, object, sequence])).toEqual([
      ['organization.directory_created', 'Directory', 1],
      ['organization.directory.user_created', 'DirectoryUser', 2],
      ['organization.directory_disabled', 'Directory', 3],
      ['organization.directory_enabled', 'Directory', 4],
      ['organization.directory_deleted', 'Directory', 5],
    ]);
    expect(events[2]?.data).toEqual({
      id: 'dir_d1',
      organization_id: 'org_r1',
      name: 'Okta',
      directory_type: 'SCIM',
      directory_provider: 'OKTA',
      provider: 'OKTA',
      enabled: false,
      status: 'DRAFT',
      updated_at: '2026-11-21T10:20:17.072Z',
    });
  });
});

describe('a change that cannot be normalized', () => {
  // No JSON, so rendering fails: nothing that a provider can send does.
  const broken = { poison: 1n };
  const correctUser = (change: Change): Change =>
    change.kind === 'user_written' ? { ...change, resource: {} } : change;

  it('is set aside without a number; later changes of its resource wait and others go on', () => {
    const directory = directoryWith([writeUser('u1', broken), writeUser('u2'), writeUser('u1'), writeUser('u3')]);
    expect(shortTypes(directory.events)).toEqual(['user_created diruser_u2', 'user_created diruser_u3']);
    expect(directory.events.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect([...directory.setAside.values()]).toEqual([expect.stringContaining('TypeError')]);
    expect(directory.pendingChanges).toHaveLength(2);
    directory.repair(correctUser);
    directory.drain();
    expect(shortTypes(directory.events.slice(2))).toEqual(['user_created diruser_u1', 'user_updated diruser_u1']);
    expect(directory.pendingChanges).toEqual([]);
  });

  it('of a new user lets groups go on, which announce the user once it is published', () => {
    const directory = directoryWith([writeUser('u1', broken), writeUser('u2'), writeGroup('g1')]);
    const joined = eventsOf(directory, [changeMembers('g1', ['u1', 'u2'])]);
    expect(joined[0]?.data).toMatchObject({ group: { total_users: 1 }, added: [{ id: 'diruser_u2' }] });
    expect(directory.publishedMemberships()).toEqual(new Set(['u2 g1']));
    directory.repair(correctUser);
    const events = eventsOf(directory, []);
    expect(shortTypes(events)).toEqual(['user_created diruser_u1', 'group_members_changed dirgroup_g1']);
    expect(events[0]?.data.groups).toEqual([{ id: 'dirgroup_g1', name: 'G1' }]);
    expect(events[1]?.data).toMatchObject({ group: { total_users: 2 }, added: [{ id: 'diruser_u1' }] });
    expect(directory.publishedMemberships()).toEqual(new Set(['u1 g1', 'u2 g1']));
  });

  it('of a new group makes its memberships wait', () => {
    const directory = directoryWith([writeUser('u1')]);
    const group = writeGroup('g1');
    const change: Change = group.kind === 'group_written' ? { ...group, resource: broken } : group;
    expect(eventsOf(directory, [change, changeMembers('g1', ['u1'])])).toEqual([]);
    directory.repair(() => group);
    expect(shortTypes(eventsOf(directory, []))).toEqual([
      'group_created dirgroup_g1',
      'group_members_changed dirgroup_g1',
      'user_updated diruser_u1',
    ]);
  });

  it('is one of a membership in a group that was never published', () => {
    const directory = directoryWith([writeUser('u1'), changeMembers('g1', ['u1'])]);
    expect(directory.events).toHaveLength(1);
    expect([...directory.setAside.values()]).toEqual(['Error: The group dirgroup_g1 has not been published.']);
  });
});

describe('normalizeChanges', () => {
  const context = {
    ...TENANT,
    lastSequence: 7,
    epoch: 3,
    newEventId: () => 'v1',
    roles: { defaultRole: null, assignments: [], attributeMappings: [] },
  };
  const nothing = { users: new Map(), groups: new Map(), groupIdsOfUser: new Map() };

  it('goes on from the last number and names resource and object of each event', () => {
    const batch = normalizeChanges([writeUser('u1')], nothing, context);
    expect(batch.events).toEqual([
      {
        id: 'v1',
        sequence: 8,
        type: 'organization.directory.user_created',
        object: 'DirectoryUser',
        resourceId: 'u1',
        body: expect.stringContaining('"sequence":8,"epoch":3') as string,
        occurredAt,
        requestId: null,
      },
    ]);
    expect(batch).toMatchObject({ lastSequence: 8, moreToDo: false, users: { upserts: [{ id: 'u1', sequence: 8 }] } });
  });

  it('keeps raw_attributes in the published object when an event is too large to carry them', () => {
    const batch = normalizeChanges([writeUser('u1', { note: 'x'.repeat(300_000) })], nothing, context);
    expect(batch.events[0]?.body).toContain('"raw_attributes":null,"raw_attributes_omitted":true');
    expect(batch.users.upserts[0]?.data.raw_attributes).toHaveProperty('note');
  });

  it('refuses to delete a group whose members were not loaded', () => {
    expect(() => normalizeChanges([deleteGroup('g1')], nothing, context)).toThrow('have not been loaded');
  });

  it('spends nothing on an empty batch', () => {
    expect(normalizeChanges([], nothing, context)).toMatchObject({ events: [], lastSequence: 7, moreToDo: false });
  });
});
