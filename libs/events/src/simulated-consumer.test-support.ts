import type { GroupData, UserData } from '@rollcall/contract';
import { jsonEquals } from '@rollcall/scim';
import type { ParsedEvent } from './simulated-directory.test-support';

/** The side of the customer's application: knows nothing but the events, and checks each against what it knows. */
export class SimulatedConsumer {
  readonly users = new Map<string, UserData>();
  readonly groups = new Map<string, GroupData>();
  readonly memberships = new Set<string>();
  private lastSequence = 0;

  apply({ type, sequence, data, previous_attributes: previous }: ParsedEvent): void {
    demand(sequence === (this.lastSequence += 1), `number ${sequence} follows without gap`);
    const id = (data.group?.id ?? data.id ?? '').replace(/^dir(user|group)_/, '');
    switch (type) {
      case 'organization.directory.user_created':
        demand(!this.users.has(id), 'a created user is new');
        return void this.users.set(id, data as UserData);
      case 'organization.directory.user_updated':
        demandChain(this.users.get(id), data, previous);
        return void this.users.set(id, data as UserData);
      case 'organization.directory.user_deleted':
        demand(jsonEquals(this.users.get(id), data), 'a deleted user is the one known');
        return void this.users.delete(id);
      case 'organization.directory.group_created':
        demand(!this.groups.has(id), 'a created group is new');
        return void this.groups.set(id, data as GroupData);
      case 'organization.directory.group_updated':
        demandChain(this.groups.get(id), data, previous);
        return void this.groups.set(id, data as GroupData);
      case 'organization.directory.group_deleted':
        demand(jsonEquals(this.groups.get(id), data), 'a deleted group is the one known');
        for (const key of this.memberships) if (key.endsWith(` ${id}`)) this.memberships.delete(key);
        return void this.groups.delete(id);
      case 'organization.directory.group_members_changed':
        return this.changeMembers(id, data);
      default:
        throw new Error(`unexpected ${type}`);
    }
  }

  private changeMembers(groupId: string, { group, added = [], removed = [] }: ParsedEvent['data']): void {
    const keyOf = (user: { id: string }) => `${user.id.replace('diruser_', '')} ${groupId}`;
    const before = this.groups.get(groupId);
    demand(added.length + removed.length > 0, 'someone joined or left');
    for (const user of added) demand(!this.memberships.has(keyOf(user)), 'who joins was no member');
    for (const user of removed) demand(this.memberships.delete(keyOf(user)), 'who leaves was a member');
    for (const user of added) this.memberships.add(keyOf(user));
    const size = [...this.memberships].filter((key) => key.endsWith(` ${groupId}`)).length;
    demand(jsonEquals(group, { ...before, total_users: size }), 'only total_users changes, to the number of members');
    this.groups.set(groupId, group as GroupData);
  }
}

/** Undoing what previous_attributes tells gives what was known before, and something did change. */
function demandChain(known: object | undefined, after: object, previous: Record<string, unknown> = {}): void {
  const old: Record<string, unknown> = { ...known };
  const now: Record<string, unknown> = { ...after };
  demand(!jsonEquals(old, now), 'an update changes something');
  for (const [key, value] of Object.entries(previous)) demand(!jsonEquals(now[key], value), `${key} changed`);
  const undone = { ...now, ...previous, raw_attributes: old['raw_attributes'] };
  const custom = Object.entries({ ...asObject(now['custom_attributes']), ...asObject(previous['custom_attributes']) });
  const attributes = Object.fromEntries(custom.filter(([, value]) => value !== null));
  const before = 'custom_attributes' in now ? { ...undone, custom_attributes: attributes } : undone;
  demand(jsonEquals(before, old), 'previous_attributes lead back to what was known');
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It does not hold that ${what}.`);
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
