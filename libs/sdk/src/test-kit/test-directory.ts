import { EMPTY_GROUP, EMPTY_USER, sampleId } from '@rollcall/contract';
import type { DirectoryData, GroupData, UserData } from '../events/event-data';
import type { DirectoryStreamEvent } from '../events/rollcall-event';

/** What an identity provider may say of a user; everything else is empty. */
export type TestUser = Partial<Omit<UserData, 'id' | 'organization_id' | 'directory_id' | 'groups'>>;

/** What an identity provider may say of a group. */
export type TestGroup = Partial<Pick<GroupData, 'display_name' | 'dp_id' | 'raw_attributes'>>;

type StreamType = DirectoryStreamEvent['type'];

/** What a directory is called in its events. */
export interface TestDirectoryOptions {
  environmentId?: string;
  organizationId?: string;
  directoryId?: string;
  /** When the first event happens; each further one a second later. */
  startTime?: Date;
}

/**
 * A directory in memory: what is done to it makes the events that a server would publish for it, numbered without gap, each with the whole
 * object and with the old values of what changed.
 */
export class TestDirectory {
  /** Everything that was published, oldest first. */
  readonly events: DirectoryStreamEvent[] = [];
  readonly #options: Required<TestDirectoryOptions>;
  readonly #users = new Map<string, UserData>();
  readonly #groups = new Map<string, GroupData>();
  #directory: DirectoryData;
  #ids = 0;

  constructor(options: TestDirectoryOptions = {}) {
    this.#options = {
      environmentId: sampleId('env', 1),
      organizationId: sampleId('org', 1),
      directoryId: sampleId('dir', 1),
      startTime: new Date('2026-01-01T09:00:00Z'),
      ...options,
    };
    const { directoryId, organizationId, startTime } = this.#options;
    this.#directory = {
      id: directoryId,
      organization_id: organizationId,
      name: 'Test directory',
      directory_type: 'SCIM',
      directory_provider: 'CUSTOM',
      provider: 'CUSTOM',
      enabled: true,
      status: 'DRAFT',
      updated_at: startTime.toISOString(),
    };
    this.#publish('organization.directory_created', this.#directory);
  }

  /** Who is in it now. */
  get users(): UserData[] {
    return [...this.#users.values()];
  }

  get groups(): GroupData[] {
    return [...this.#groups.values()];
  }

  createUser(values: TestUser = {}): UserData {
    const user = { ...EMPTY_USER, ...values, ...this.#keys('diruser') };
    this.#users.set(user.id, user);
    this.#publish('organization.directory.user_created', user);
    return user;
  }

  /** Changes what is named; a deactivation is `{ active: false }`. Nothing is published when nothing changes. */
  updateUser(userId: string, values: TestUser): UserData {
    return this.#changeUser(userId, values);
  }

  deleteUser(userId: string): void {
    const user = this.#user(userId);
    this.#users.delete(userId);
    this.#publish('organization.directory.user_deleted', user);
    for (const { id } of user.groups) this.#publishMembers(id, { removed: [user] });
  }

  createGroup(values: TestGroup = {}): GroupData {
    const group = { ...EMPTY_GROUP, ...values, external_id: values.dp_id ?? null, ...this.#keys('dirgroup') };
    this.#groups.set(group.id, group);
    this.#publish('organization.directory.group_created', group);
    return group;
  }

  /** Users carry a new name in their next event. */
  updateGroup(groupId: string, values: TestGroup): GroupData {
    const before = this.#group(groupId);
    const group = { ...before, ...values };
    const previous = changed(before, group);
    if (!previous) return before;
    this.#groups.set(groupId, group);
    this.#publish('organization.directory.group_updated', group, previous);
    return group;
  }

  deleteGroup(groupId: string): void {
    const group = this.#group(groupId);
    this.#groups.delete(groupId);
    this.#publish('organization.directory.group_deleted', group);
    for (const { id, groups } of this.users) {
      this.#changeUser(id, { groups: groups.filter((reference) => reference.id !== groupId) });
    }
  }

  addMember(groupId: string, userId: string): void {
    const [user, group] = [this.#user(userId), this.#group(groupId)];
    if (user.groups.some(({ id }) => id === groupId)) return;
    this.#publishMembers(groupId, { added: [user] });
    this.#changeUser(userId, { groups: [...user.groups, { id: groupId, name: group.display_name }] });
  }

  removeMember(groupId: string, userId: string): void {
    const user = this.#user(userId);
    if (!user.groups.some(({ id }) => id === groupId)) return;
    this.#publishMembers(groupId, { removed: [user] });
    this.#changeUser(userId, { groups: user.groups.filter(({ id }) => id !== groupId) });
  }

  setEnabled(enabled: boolean): void {
    if (this.#directory.enabled === enabled) return;
    this.#directory = { ...this.#directory, enabled };
    this.#publish(`organization.directory_${enabled ? 'enabled' : 'disabled'}`, this.#directory);
  }

  /** Stands for all its users and groups, of which no event tells. */
  delete(): void {
    this.#users.clear();
    this.#groups.clear();
    this.#directory = { ...this.#directory, enabled: false };
    this.#publish('organization.directory_deleted', this.#directory);
  }

  #changeUser(userId: string, values: Partial<UserData>): UserData {
    const before = this.#user(userId);
    const user = { ...before, ...values };
    const previous = changed(before, user);
    if (!previous) return before;
    this.#users.set(userId, user);
    this.#publish('organization.directory.user_updated', user, previous);
    return user;
  }

  #publishMembers(groupId: string, { added = [], removed = [] }: { added?: UserData[]; removed?: UserData[] }): void {
    const before = this.#group(groupId);
    const group = { ...before, total_users: before.total_users + added.length - removed.length };
    this.#groups.set(groupId, group);
    const refer = ({ id, email, dp_id }: UserData) => ({ id, email, dp_id });
    const data = { group, added: added.map(refer), removed: removed.map(refer) };
    this.#publish('organization.directory.group_members_changed', data);
  }

  #publish(type: StreamType, data: object, previous?: object): void {
    const { environmentId, organizationId, directoryId, startTime } = this.#options;
    const sequence = this.events.length + 1;
    const event = {
      spec_version: '1',
      id: sampleId('evt', sequence),
      type,
      object: objectOf(type),
      environment_id: environmentId,
      organization_id: organizationId,
      directory_id: directoryId,
      sequence,
      occurred_at: new Date(startTime.getTime() + sequence * 1000).toISOString(),
      data,
      ...(previous && { previous_attributes: previous }),
    };
    // A copy, as if it had travelled.
    this.events.push(JSON.parse(JSON.stringify(event)) as DirectoryStreamEvent);
  }

  #keys(prefix: string) {
    this.#ids += 1;
    const { organizationId, directoryId } = this.#options;
    return { id: sampleId(prefix, this.#ids), organization_id: organizationId, directory_id: directoryId };
  }

  #user(id: string): UserData {
    return found(this.#users.get(id), `There is no user ${id} in the test directory.`);
  }

  #group(id: string): GroupData {
    return found(this.#groups.get(id), `There is no group ${id} in the test directory.`);
  }
}

function found<Thing>(thing: Thing | undefined, message: string): Thing {
  if (thing === undefined) throw new RangeError(message);
  return thing;
}

/** The old value of each key that changed, but for raw attributes; null when nothing did. */
function changed<Data extends object>(before: Data, after: Data): Partial<Data> | null {
  const keys = (Object.keys(after) as (keyof Data)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (keys.length === 0) return null;
  const told = keys.filter((key) => key !== 'raw_attributes');
  return Object.fromEntries(told.map((key) => [key, before[key] ?? null])) as Partial<Data>;
}

function objectOf(type: StreamType): string {
  if (type.startsWith('organization.directory_')) return 'Directory';
  return type.includes('.user_') ? 'DirectoryUser' : 'DirectoryGroup';
}
