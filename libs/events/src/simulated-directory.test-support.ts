import type { HoldAction } from '@rollcall/contract';
import type {
  DirectoryData,
  EventEnvelope,
  GroupData,
  GroupMembersChangedData,
  PreviousAttributes,
  UserData,
} from '@rollcall/contract';
import type { BatchContext, NormalizedBatch } from './batch';
import type { Change, MemberSlice, Published, UserSlice } from './change';
import { normalizeChanges } from './normalize-changes';
import { readManagerId } from './normalize-user';
import { requiredState } from './required-state';
import type { DeprovisionGuard } from './deprovision-guard';
import { SimulatedHolds } from './simulated-holds.test-support';

export const TENANT = { environmentId: 'e1', organizationId: 'r1', directoryId: 'd1' };

/** An event as its receiver parses it. */
export type ParsedEvent = EventEnvelope<Partial<UserData & GroupData & GroupMembersChangedData & DirectoryData>> & {
  previous_attributes?: PreviousAttributes;
};

export interface DrainOptions {
  roles?: BatchContext['roles'];
  /** Users per slice of a deleted group or of changed rules. */
  sliceSize?: number;
  guard?: DeprovisionGuard;
}

/** The tables of one directory in memory, with a drain over them that loads and saves set-wise as the real one does. */
export class SimulatedDirectory {
  readonly events: ParsedEvent[] = [];
  readonly bodies: string[] = [];
  readonly users = new Map<string, string>();
  readonly groups = new Map<string, string>();
  readonly memberships = new Set<string>();
  readonly setAside = new Map<string, string>();
  private pending: Change[] = [];
  private readonly rulesCursors = new Map<string, string>();
  private lastSequence = 0;
  private eventCount = 0;

  readonly holds: SimulatedHolds;

  constructor(private options: DrainOptions = {}) {
    this.holds = new SimulatedHolds(options.guard ?? null, options.sliceSize ?? 500);
  }

  /** The owner decides about held users, all or some; false when there are none. */
  decide(action: HoldAction, changeId: string, userIds?: readonly string[]): boolean {
    const decision = this.holds.decide(action, changeId, userIds);
    if (decision) this.pending.push(decision);
    return decision !== null;
  }

  /** Other rules from now on; the change that applies them to everyone is enqueued by the test. */
  changeRules(roles: BatchContext['roles']): void {
    this.options = { ...this.options, roles };
  }

  /** Appends changes to the outbox. */
  enqueue(changes: readonly Change[]): void {
    this.pending.push(...changes);
  }

  /** Drains until nothing that can run is left; `nextBatchSize` says how many changes each batch claims. */
  drain(nextBatchSize: () => number = () => 500): void {
    for (;;) {
      const claimed = this.claim(nextBatchSize());
      if (claimed.length === 0) return;
      const batch = normalizeChanges(claimed, this.load(claimed), this.context());
      this.save(batch);
    }
  }

  /** Repairs the changes that were set aside, so that they are claimed again. */
  repair(correct: (change: Change) => Change): void {
    this.pending = this.pending.map((change) => (this.setAside.has(change.id) ? correct(change) : change));
    this.setAside.clear();
  }

  publishedUsers(): Map<string, UserData> {
    return mapValues(this.users, (row) => (JSON.parse(row) as Published<UserData>).data);
  }

  publishedGroups(): Map<string, GroupData> {
    return mapValues(this.groups, (row) => (JSON.parse(row) as Published<GroupData>).data);
  }

  /** Memberships as the snapshot shows them: of published users in published groups. */
  publishedMemberships(): Set<string> {
    return new Set(
      [...this.memberships].filter((key) => {
        const [userId = '', groupId = ''] = key.split(' ');
        return this.users.has(userId) && this.groups.has(groupId);
      }),
    );
  }

  get pendingChanges(): readonly Change[] {
    return this.pending;
  }

  private context(): BatchContext {
    return {
      ...TENANT,
      lastSequence: this.lastSequence,
      epoch: 1,
      newEventId: () => `v${(this.eventCount += 1)}`,
      roles: this.options.roles ?? { defaultRole: null, assignments: [], attributeMappings: [] },
    };
  }

  private claim(size: number): Change[] {
    const waiting = new Set<string>();
    const claimable = this.pending.filter((change) => {
      const resourceId = 'resourceId' in change ? change.resourceId : TENANT.directoryId;
      if (this.setAside.has(change.id)) waiting.add(resourceId);
      return !waiting.has(resourceId);
    });
    return claimable.slice(0, size);
  }

  private load(changes: readonly Change[]) {
    const need = requiredState(changes);
    const deletedGroupMembers = new Map(need.deletedGroupIds.map((id) => [id, this.sliceOf(id)]));
    const rulesSlices = new Map(need.rulesChangeIds.map((id) => [id, this.rulesSliceOf(id)]));
    const slices = [...deletedGroupMembers.values(), ...rulesSlices.values()].flatMap((slice) => slice.userIds);
    const deprovisioning = this.holds.load(need, this.users.size, [...need.userIds, ...slices]);
    const userIds = [...new Set([...need.userIds, ...slices, ...deprovisioning.held.keys()])];
    const changed = [...deprovisioning.held.values()].flatMap(({ memberships }) => [...memberships.keys()]);
    const groupIdsOfUser = new Map(userIds.map((id) => [id, this.groupIdsOf(id)]));
    const groupIds = new Set([...need.groupIds, ...changed, ...[...groupIdsOfUser.values()].flat()]);
    const heldManagers = [...deprovisioning.held.values()].flatMap(
      ({ resource }) => (resource && readManagerId(resource)) ?? [],
    );
    const managers = loadRows<UserData>(this.users, [...need.managerIds, ...heldManagers]);
    return {
      users: loadRows<UserData>(this.users, userIds),
      managers: new Map([...managers].map(([id, { data }]) => [id, { name: data.name }])),
      groups: loadRows<GroupData>(this.groups, groupIds),
      groupIdsOfUser,
      deletedGroupMembers,
      rulesSlices,
      deprovisioning,
    };
  }

  private save(batch: NormalizedBatch): void {
    for (const event of batch.events) {
      this.events.push(JSON.parse(event.body) as ParsedEvent);
      this.bodies.push(event.body);
    }
    this.lastSequence = batch.lastSequence;
    saveRows(this.users, batch.users);
    saveRows(this.groups, batch.groups);
    const { adds, removes } = batch.memberships;
    const both = adds.filter((add) => removes.some((r) => r.userId === add.userId && r.groupId === add.groupId));
    if (both.length > 0) throw new Error('A membership is both added and removed, so the order of the writes matters.');
    for (const { userId, groupId } of adds) this.memberships.add(`${userId} ${groupId}`);
    for (const { userId, groupId } of removes) this.memberships.delete(`${userId} ${groupId}`);
    for (const { changeId, userIds } of batch.rulesProgress) {
      this.rulesCursors.set(changeId, userIds.at(-1) ?? this.rulesCursors.get(changeId) ?? '');
    }
    this.holds.save(batch.deprovisioning);
    const consumed = new Set(batch.consumedChangeIds);
    this.pending = this.pending.filter((change) => !consumed.has(change.id));
    for (const { changeId, error } of batch.setAside) this.setAside.set(changeId, error);
  }

  private sliceOf(groupId: string): MemberSlice {
    const members = [...this.memberships].filter((key) => key.endsWith(` ${groupId}`)).map((key) => key.split(' ')[0]);
    const sorted = members.filter((id) => id !== undefined).toSorted();
    const size = this.options.sliceSize ?? 500;
    return { userIds: sorted.slice(0, size), more: sorted.length > size };
  }

  private rulesSliceOf(changeId: string): UserSlice {
    const rest = [...this.users.keys()].filter((id) => id > (this.rulesCursors.get(changeId) ?? '')).toSorted();
    const size = this.options.sliceSize ?? 500;
    return { userIds: rest.slice(0, size), more: rest.length > size };
  }

  private groupIdsOf(userId: string): string[] {
    return [...this.memberships].filter((key) => key.startsWith(`${userId} `)).map((key) => key.split(' ')[1] ?? '');
  }
}

function saveRows<Data>(
  rows: Map<string, string>,
  writes: { upserts: ({ id: string } & Published<Data>)[]; deletes: string[] },
): void {
  for (const { id, data, sequence } of writes.upserts) rows.set(id, JSON.stringify({ data, sequence }));
  for (const id of writes.deletes) rows.delete(id);
}

function loadRows<Data>(rows: ReadonlyMap<string, string>, ids: Iterable<string>): Map<string, Published<Data>> {
  return new Map(
    [...ids].flatMap((id) => {
      const row = rows.get(id);
      return row === undefined ? [] : [[id, JSON.parse(row, reverseKeys) as Published<Data>] as const];
    }),
  );
}

/** Keys in another order than they were written in: jsonb does not keep it. */
function reverseKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toReversed());
}

function mapValues<From, To>(map: ReadonlyMap<string, From>, read: (value: From) => To): Map<string, To> {
  return new Map([...map].map(([key, value]) => [key, read(value)]));
}
