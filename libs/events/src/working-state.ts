import type { GroupData, UserData } from '@rollcall/contract';
import type { NormalizedBatch, PublishedWrites } from './batch';
import type { KnownManager, Membership, Published, PublishedState } from './change';

/** Characters of a name that a user lends to those whose manager it is: what a batch makes is bounded by their own sizes. */
export const MANAGER_NAME_MAX = 1_000;

/** The published state while a batch is being normalized: what was loaded, and over it what the batch wrote. */
export class WorkingState {
  private readonly users: Overlay<UserData>;
  private readonly groups: Overlay<GroupData>;
  private readonly groupIds = new Map<string, ReadonlySet<string>>();
  private readonly added = new Map<string, Membership>();
  private readonly removed = new Map<string, Membership>();
  private readonly grownGroups = new Set<string>();

  constructor(private readonly loaded: PublishedState) {
    this.users = new Overlay(loaded.users);
    this.groups = new Overlay(loaded.groups);
  }

  user(userId: string): UserData | undefined {
    return this.users.get(userId);
  }

  group(groupId: string): GroupData | undefined {
    return this.groups.get(groupId);
  }

  /** What is published of a user as somebody's manager, as far as it was asked for; null for nobody. */
  managerOf(userId: string): KnownManager | null {
    if (!this.users.has(userId)) return this.loaded.managers?.get(userId) ?? null;
    const user = this.user(userId);
    return user ? { name: user.name?.slice(0, MANAGER_NAME_MAX) ?? null, external_ids: user.external_ids } : null;
  }

  publishUser(userId: string, published: Published<UserData>): void {
    this.users.set(userId, published);
  }

  unpublishUser(userId: string): void {
    this.users.delete(userId);
  }

  publishGroup(groupId: string, published: Published<GroupData>): void {
    this.groups.set(groupId, published);
  }

  unpublishGroup(groupId: string): void {
    this.groups.delete(groupId);
  }

  /** By how many users the batch has made what is published more so far. */
  get addedUsers(): number {
    return this.users.countDelta;
  }

  /** The groups of a user, by id; also of a user who is not published. */
  groupIdsOf(userId: string): string[] {
    return [...this.groupIdSet(userId)].toSorted();
  }

  isMember({ userId, groupId }: Membership): boolean {
    return this.groupIdSet(userId).has(groupId);
  }

  addMembership(membership: Membership): void {
    const { userId, groupId } = membership;
    this.groupIds.set(userId, new Set(this.groupIdSet(userId)).add(groupId));
    this.removed.delete(keyOf(membership));
    this.added.set(keyOf(membership), membership);
    this.grownGroups.add(groupId);
  }

  removeMembership(membership: Membership): void {
    const remaining = new Set(this.groupIdSet(membership.userId));
    remaining.delete(membership.groupId);
    this.groupIds.set(membership.userId, remaining);
    this.added.delete(keyOf(membership));
    this.removed.set(keyOf(membership), membership);
  }

  /** Whether a membership was added to the group in this batch, which a slice of its members loaded before cannot show. */
  hasGrown(groupId: string): boolean {
    return this.grownGroups.has(groupId);
  }

  /** What the batch wrote, to be saved set-wise. */
  writes(): Pick<NormalizedBatch, 'users' | 'groups' | 'memberships'> {
    return {
      users: this.users.writes(),
      groups: this.groups.writes(),
      memberships: { adds: [...this.added.values()], removes: [...this.removed.values()] },
    };
  }

  private groupIdSet(userId: string): ReadonlySet<string> {
    return this.groupIds.get(userId) ?? new Set(this.loaded.groupIdsOfUser.get(userId));
  }
}

/** Published objects of one kind: loaded ones, and over them those written and deleted. */
class Overlay<Data> {
  countDelta = 0;
  private readonly written = new Map<string, Published<Data> | null>();

  constructor(private readonly loaded: ReadonlyMap<string, Published<Data>>) {}

  get(id: string): Data | undefined {
    const written = this.written.get(id);
    return written === undefined ? this.loaded.get(id)?.data : written?.data;
  }

  /** Whether it is known what is published of an object, if only that nothing is. */
  has(id: string): boolean {
    return this.written.has(id) || this.loaded.has(id);
  }

  set(id: string, published: Published<Data>): void {
    if (this.get(id) === undefined) this.countDelta += 1;
    this.written.set(id, published);
  }

  delete(id: string): void {
    if (this.get(id) !== undefined) this.countDelta -= 1;
    this.written.set(id, null);
  }

  writes(): PublishedWrites<Data> {
    const writes: PublishedWrites<Data> = { upserts: [], deletes: [] };
    for (const [id, published] of this.written) {
      if (published === null) writes.deletes.push(id);
      else writes.upserts.push({ id, ...published });
    }
    return writes;
  }
}

function keyOf({ userId, groupId }: Membership): string {
  return `${userId} ${groupId}`;
}
