import type { DirectoryData, GroupData, UserData } from '../events/event-data';
import type { DirectoryStreamEvent } from '../events/rollcall-event';

/** What somebody does to a directory. Users and groups are named by small numbers. */
export type Step =
  | { does: 'write_user'; user: number; title: string; active: boolean }
  | { does: 'delete_user'; user: number }
  | { does: 'write_group'; group: number; name: string }
  | { does: 'delete_group'; group: number }
  | { does: 'add_member' | 'remove_member'; user: number; group: number }
  | { does: 'switch'; enabled: boolean }
  | { does: 'delete_directory' };

/** The log of a directory: every step is told by the events that the API documents for it. */
export class EventLog {
  readonly events: DirectoryStreamEvent[] = [];
  epoch = 1;
  readonly #steps: Step[] = [];
  readonly #users = new Map<number, UserData>();
  readonly #groups = new Map<number, GroupData>();
  #generation = 0;
  #isDeleted = false;

  constructor() {
    this.#addEvent('organization.directory_created', directory(true));
  }

  /** Brings back a backup of after so many steps, as `after-restore` leaves it; ids of what is lost are not given again. */
  restore(steps: number): void {
    const generation = this.#generation;
    const [kept, epoch] = [this.#steps.slice(0, steps), this.epoch];
    this.events.length = 0;
    this.#steps.length = 0;
    this.#users.clear();
    this.#groups.clear();
    this.#generation = 0;
    this.#isDeleted = false;
    // What the backup has of earlier restores is not told apart: a consumer may not rely on it.
    this.epoch = 1;
    this.#addEvent('organization.directory_created', directory(true));
    for (const step of kept) this.take(step);
    this.#generation = generation;
    this.epoch = epoch + 1;
  }

  get stepCount(): number {
    return this.#steps.length;
  }

  take(step: Step): void {
    if (this.#isDeleted) return;
    this.#steps.push(step);
    switch (step.does) {
      case 'write_user':
        return this.#writeUser(step.user, { title: step.title, active: step.active });
      case 'delete_user':
        return this.#deleteUser(step.user);
      case 'write_group':
        return this.#writeGroup(step.group, step.name);
      case 'delete_group':
        return this.#deleteGroup(step.group);
      case 'add_member':
      case 'remove_member':
        return this.#changeMember(step.user, step.group, step.does === 'add_member');
      case 'switch':
        return this.#addEvent(
          `organization.directory_${step.enabled ? 'enabled' : 'disabled'}`,
          directory(step.enabled),
        );
      case 'delete_directory':
        this.#isDeleted = true;
        return this.#addEvent('organization.directory_deleted', directory(false));
    }
  }

  #writeUser(number: number, values: Partial<UserData>): void {
    const before = this.#users.get(number);
    const id = before?.id ?? this.#newId('diruser', number);
    const user = { ...(before ?? { id, email: `${id}@example.com`, groups: [] }), ...values } as UserData;
    this.#users.set(number, user);
    this.#addEvent(`organization.directory.user_${before ? 'updated' : 'created'}`, user);
  }

  #deleteUser(number: number): void {
    const user = this.#users.get(number);
    if (!user) return;
    this.#users.delete(number);
    this.#addEvent('organization.directory.user_deleted', user);
    for (const { id } of user.groups) this.#addMembersEvent(this.#groupNumber(id), { removed: [user] });
  }

  #writeGroup(number: number, display_name: string): void {
    const before = this.#groups.get(number);
    const id = before?.id ?? this.#newId('dirgroup', number);
    const group = { ...(before ?? { id, total_users: 0 }), display_name } as GroupData;
    this.#groups.set(number, group);
    this.#addEvent(`organization.directory.group_${before ? 'updated' : 'created'}`, group);
  }

  #deleteGroup(number: number): void {
    const group = this.#groups.get(number);
    if (!group) return;
    this.#groups.delete(number);
    this.#addEvent('organization.directory.group_deleted', group);
    for (const [user, { groups }] of this.#users) {
      const rest = groups.filter(({ id }) => id !== group.id);
      if (rest.length < groups.length) this.#writeUser(user, { groups: rest });
    }
  }

  #changeMember(userNumber: number, groupNumber: number, isMember: boolean): void {
    const user = this.#users.get(userNumber);
    const group = this.#groups.get(groupNumber);
    if (!user || !group || user.groups.some(({ id }) => id === group.id) === isMember) return;
    this.#addMembersEvent(groupNumber, isMember ? { added: [user] } : { removed: [user] });
    const others = user.groups.filter(({ id }) => id !== group.id);
    const groups = isMember ? [...others, { id: group.id, name: group.display_name }] : others;
    this.#writeUser(userNumber, { groups });
  }

  #addMembersEvent(
    groupNumber: number,
    { added = [], removed = [] }: { added?: UserData[]; removed?: UserData[] },
  ): void {
    const before = this.#groups.get(groupNumber);
    if (!before) return;
    const group = { ...before, total_users: before.total_users + added.length - removed.length };
    this.#groups.set(groupNumber, group);
    this.#addEvent('organization.directory.group_members_changed', { group, added, removed });
  }

  #groupNumber(id: string): number {
    return [...this.#groups].find(([, group]) => group.id === id)?.[0] ?? -1;
  }

  /** An id is never given twice, as on the server. */
  #newId(prefix: string, number: number): string {
    this.#generation += 1;
    return `${prefix}_${number}x${this.#generation}`;
  }

  #addEvent(type: DirectoryStreamEvent['type'], data: object): void {
    const sequence = this.events.length + 1;
    const tenant = { environment_id: 'env_1', organization_id: 'org_1', directory_id: 'dir_1' };
    const epoch = this.epoch === 1 ? {} : { epoch: this.epoch };
    const event = { spec_version: '1', id: `evt_${sequence}`, type, ...tenant, sequence, ...epoch, data };
    // A copy, as if it had travelled.
    this.events.push(JSON.parse(JSON.stringify(event)) as DirectoryStreamEvent);
  }
}

function directory(enabled: boolean): Partial<DirectoryData> {
  return { id: 'dir_1', organization_id: 'org_1', enabled };
}
