import type { Change } from './change';

/** What an identity provider does to the user or group that is in a slot now. */
export type Command =
  | {
      kind: 'writeUser';
      slot: number;
      title: string | undefined;
      active: boolean;
      role: string | undefined;
      broken: boolean;
    }
  | { kind: 'deleteUser'; slot: number }
  | { kind: 'writeGroup'; slot: number; name: string }
  | { kind: 'changeMembers'; slot: number; added: number[]; removed: number[] }
  | { kind: 'deleteGroup'; slot: number };

/** The side of the identity provider: turns commands into the changes that SCIM writes leave, valid ones only. */
export class SimulatedSource {
  readonly changes: Change[] = [];
  readonly users = new Map<string, Record<string, unknown>>();
  readonly groups = new Map<string, { name: string; members: Set<string> }>();
  private readonly generations = new Map<string, number>();

  run(step: Command): void {
    const id = this.idOf(step.kind === 'writeUser' || step.kind === 'deleteUser' ? 'u' : 'g', step.slot);
    switch (step.kind) {
      case 'writeUser': {
        const { title, active, role, broken } = step;
        const resource = { userName: `${id}@x`, active, ...(title && { title }), ...(role && { roles: [role] }) };
        this.users.set(id, resource);
        return this.push({
          kind: 'user_written',
          resourceId: id,
          resource: broken ? { ...resource, poison: 1n } : resource,
        });
      }
      case 'deleteUser':
        if (!this.users.delete(id)) return;
        for (const group of this.groups.values()) group.members.delete(id);
        this.retire('u', step.slot);
        return this.push({ kind: 'user_deleted', resourceId: id });
      case 'writeGroup':
        this.groups.set(id, { name: step.name, members: this.groups.get(id)?.members ?? new Set() });
        return this.push({ kind: 'group_written', resourceId: id, resource: { displayName: step.name } });
      case 'changeMembers': {
        const group = this.groups.get(id);
        const existing = (slots: number[]) =>
          slots.map((slot) => this.idOf('u', slot)).filter((u) => this.users.has(u));
        const [added, removed] = [existing(step.added), existing(step.removed)];
        if (!group) return;
        for (const user of removed) group.members.delete(user);
        for (const user of added) group.members.add(user);
        return this.push({ kind: 'members_changed', resourceId: id, added, removed });
      }
      case 'deleteGroup':
        if (!this.groups.delete(id)) return;
        this.retire('g', step.slot);
        return this.push({ kind: 'group_deleted', resourceId: id });
    }
  }

  memberships(): Set<string> {
    return new Set([...this.groups].flatMap(([id, { members }]) => [...members].map((user) => `${user} ${id}`)));
  }

  private push(change: OmitFromEach<Change, 'id' | 'occurredAt'>): void {
    this.changes.push({ ...change, id: String(this.changes.length + 1), occurredAt: new Date(0) });
  }

  /** Ids are never used again, so a slot gets a new one after a delete. */
  private idOf(prefix: 'u' | 'g', slot: number): string {
    return `${prefix}${slot}x${this.generations.get(`${prefix}${slot}`) ?? 0}`;
  }

  private retire(prefix: 'u' | 'g', slot: number): void {
    const key = `${prefix}${slot}`;
    this.generations.set(key, (this.generations.get(key) ?? 0) + 1);
  }
}

type OmitFromEach<Union, Key extends string> = Union extends unknown ? Omit<Union, Key> : never;
