import { describe, expect, it } from 'vitest';
import type { Change } from './change';
import { SimulatedDirectory } from './simulated-directory.test-support';

const GUARD = { maxUsers: 1, maxPercent: null, windowSeconds: 60 };
const NO_ROLES = { defaultRole: null, assignments: [], attributeMappings: [] };

type NewChange = Change extends infer Kind ? (Kind extends Change ? Omit<Kind, 'id'> : never) : never;

/** A directory with users u1 to u4, all in the group g1, of whom u1 and u2 have been deactivated: u2 is held. */
function holding() {
  const directory = new SimulatedDirectory({ guard: GUARD });
  let lastId = 0;
  const tell = (...changes: NewChange[]) => {
    const before = directory.events.length;
    directory.enqueue(changes.map((change) => ({ ...change, id: String((lastId += 1)) })));
    directory.drain();
    return directory.events.slice(before).map(({ type, data }) => ({
      type: type.replace('organization.directory.', ''),
      id: data.group?.id ?? data.id,
      active: data.active,
      groups: data.groups?.map(({ id }) => id),
      removed: data.removed?.map(({ id }) => id),
    }));
  };
  const user = (id: string, attributes: Record<string, unknown> = {}, seconds = 0): NewChange => ({
    kind: 'user_written',
    resourceId: id,
    resource: { userName: `${id}@x`, active: true, ...attributes },
    occurredAt: new Date(seconds * 1_000),
  });
  const at = { occurredAt: new Date(0) };
  tell(
    ...['u1', 'u2', 'u3', 'u4'].map((id) => user(id)),
    { kind: 'group_written', resourceId: 'g1', resource: { displayName: 'G' }, ...at },
    { kind: 'members_changed', resourceId: 'g1', added: ['u1', 'u2', 'u3', 'u4'], removed: [], ...at },
    user('u1', { active: false }),
    user('u2', { active: false }),
  );
  const decide = (action: 'release' | 'discard', userIds?: string[]) => {
    directory.decide(action, `d${(lastId += 1)}`, userIds);
    return tell();
  };
  return { directory, tell, user, at, decide };
}

describe('a held user', () => {
  it('is consumed and spends no number', () => {
    const { directory } = holding();
    expect(directory.holds.waiting()).toEqual(['u2']);
    expect(directory.pendingChanges).toEqual([]);
    expect(directory.publishedUsers().get('u2')?.active).toBe(true);
    expect(directory.events.at(-1)?.data.id).toBe('diruser_u1');
  });

  it('keeps the name of a group that is deleted meanwhile, and loses it with the next event', () => {
    const { directory, tell, at, decide } = holding();
    const told = tell({ kind: 'group_deleted', resourceId: 'g1', ...at });
    expect(told.map(({ id }) => id)).toEqual(['dirgroup_g1', 'diruser_u1', 'diruser_u3', 'diruser_u4']);
    expect(directory.publishedUsers().get('u2')?.groups).toEqual([{ id: 'dirgroup_g1', name: 'G' }]);
    expect(directory.publishedMemberships().size).toBe(0);
    expect(decide('release')).toMatchObject([{ type: 'user_updated', id: 'diruser_u2', active: false, groups: [] }]);
  });

  it('gets the roles that the owner gives everybody meanwhile', () => {
    const { directory, tell, at } = holding();
    directory.changeRules({ ...NO_ROLES, defaultRole: 'viewer' });
    const told = tell({ kind: 'rules_changed', ...at });
    expect(told.map(({ id, active }) => [id, active])).toContainEqual(['diruser_u2', true]);
    expect(directory.publishedUsers().get('u2')?.roles).toEqual([{ role_name: 'viewer' }]);
  });

  it('whose later change cannot be normalized keeps what was held, and that change is set aside', () => {
    const { directory, tell, user, decide } = holding();
    expect(tell(user('u2', { active: false, poison: 1n }))).toEqual([]);
    expect([...directory.setAside.values()]).toEqual([expect.stringContaining('BigInt')]);
    expect(decide('release')).toMatchObject([{ type: 'user_updated', id: 'diruser_u2', active: false }]);
  });
});

describe('a release', () => {
  it('gives each user one event, and each group that several of them left one', () => {
    const { tell, at, user, decide } = holding();
    tell(
      user('u2', { active: false, title: 'later' }),
      { kind: 'user_deleted', resourceId: 'u3', ...at },
      { kind: 'members_changed', resourceId: 'g1', added: [], removed: ['u2'], ...at },
    );
    expect(decide('release')).toMatchObject([
      { type: 'user_updated', id: 'diruser_u2', active: false, groups: [] },
      { type: 'user_deleted', id: 'diruser_u3' },
      { type: 'group_members_changed', id: 'dirgroup_g1', removed: ['diruser_u2', 'diruser_u3'] },
    ]);
  });

  it('does not count towards the next hold', () => {
    const { directory, tell, user, decide } = holding();
    tell(user('u3', { active: false }));
    decide('release');
    expect(tell(user('u4', { active: false }))).toHaveLength(1);
    expect(directory.holds.waiting()).toEqual([]);
  });
});

describe('a discard', () => {
  it('publishes membership changes as usual, and the deactivation with the next write of the user', () => {
    const { directory, tell, user, at, decide } = holding();
    expect(decide('discard')).toEqual([]);
    const left = tell({ kind: 'members_changed', resourceId: 'g1', added: [], removed: ['u2'], ...at });
    expect(left).toMatchObject([
      { type: 'group_members_changed', removed: ['diruser_u2'] },
      { type: 'user_updated', id: 'diruser_u2', active: true, groups: [] },
    ]);
    expect(tell(user('u2', { active: false, title: 'x' }))).toMatchObject([{ id: 'diruser_u2', active: false }]);
    expect(directory.holds.users.size).toBe(0);
  });

  it('is held again when that write goes beyond the guard once more', () => {
    const { directory, tell, user, decide } = holding();
    decide('discard');
    tell(user('u3', { active: false }));
    expect(tell(user('u2', { active: false, title: 'x' }))).toEqual([]);
    expect(directory.holds.counts).toEqual({ held: 1, deciding: 0, discarded: 0 });
  });
});
