import type {
  Change,
  DeprovisioningDecided,
  DeprovisioningState,
  DeprovisioningWrites,
  HeldCounts,
  HeldUser,
  MembersChanged,
  OpenHold,
  UserDeleted,
  UserSlice,
  UserWritten,
} from './change';
import { exceedsGuard } from './deprovision-guard';
import { DeprovisionWindow } from './deprovision-window';
import type { Draft } from './draft';

const UNGUARDED: DeprovisioningState = {
  guard: null,
  totalUsers: 0,
  hold: null,
  counts: { held: 0, deciding: 0, discarded: 0 },
  window: [],
  held: new Map(),
  slices: new Map(),
};

/**
 * The deprovision guard while a batch is being normalized: which users wait, what has changed of them since, and how many
 * have gone within the window. What was published before the guard trips is out; from the change that would exceed it on,
 * every deprovisioning is held until the owner decides about the hold.
 */
export class Holds {
  private readonly users: Map<string, HeldUser>;
  private readonly written = new Set<string>();
  private readonly regrouped = new Set<string>();
  private readonly counts: HeldCounts;
  private readonly window: DeprovisionWindow;
  private readonly progress: DeprovisioningWrites['progress'] = [];
  private hold: OpenHold | null;

  constructor(private readonly state: DeprovisioningState = UNGUARDED) {
    this.users = new Map(state.held);
    this.counts = { ...state.counts };
    this.window = new DeprovisionWindow(state.window);
    this.hold = state.hold;
  }

  /** A user who is held, or whose deprovisioning was discarded. */
  find(userId: string): HeldUser | undefined {
    return this.users.get(userId);
  }

  /** Whether the changes of a user wait for a decision, or for their turn after it. */
  isWaiting(userId: string): boolean {
    return (this.users.get(userId)?.holdId ?? null) !== null;
  }

  /**
   * Keeps a change back if it concerns a user who waits, or if its drafts are one deprovisioning too many; returns whether
   * it did. The change is then consumed: the held user carries what it says.
   * @param addedUsers by how many users the batch has made the directory larger so far
   */
  keepBack(change: Change, drafts: readonly Draft[], addedUsers: number): boolean {
    if (change.kind !== 'user_written' && change.kind !== 'user_deleted') return false;
    const holdId = this.users.get(change.resourceId)?.holdId ?? this.holdFor(change, drafts, addedUsers);
    if (holdId === null) return false;
    const held = this.users.get(change.resourceId);
    this.write(change.resourceId, {
      holdId,
      resource: change.kind === 'user_written' ? change.resource : null,
      heldTime: held && held.holdId !== null ? held.heldTime : change.occurredAt,
      memberships: held?.memberships ?? new Map<string, boolean>(),
    });
    return true;
  }

  /** Follows a change that is being published. */
  follow(change: Change, drafts: readonly Draft[], slice: UserSlice | undefined): void {
    switch (change.kind) {
      case 'user_written':
      case 'user_deleted':
        this.write(change.resourceId, null);
        if (this.state.guard) this.count(change, drafts);
        return;
      case 'members_changed':
        return this.regroup(change);
      case 'deprovisioning_decided':
        return this.carryOut(change, slice);
      default:
    }
  }

  /** What is to be saved; null when nothing has changed. */
  writes(): DeprovisioningWrites | null {
    const window = this.window.writes();
    const untouched = this.written.size + this.regrouped.size + this.progress.length === 0;
    if (untouched && window.adds.length + window.removes.length === 0) return null;
    const written = [...this.written];
    return {
      hold: this.hold,
      counts: this.counts,
      started: this.hold?.id !== this.state.hold?.id,
      users: {
        upserts: written.flatMap((userId) => {
          const user = this.users.get(userId);
          return user ? [{ userId, holdId: user.holdId, resource: user.resource, heldTime: user.heldTime }] : [];
        }),
        deletes: written.filter((userId) => !this.users.has(userId)),
      },
      memberships: {
        userIds: [...this.regrouped],
        rows: [...this.regrouped].flatMap((userId) =>
          [...(this.users.get(userId)?.memberships ?? [])].map(([groupId, isMember]) => ({
            userId,
            groupId,
            isMember,
          })),
        ),
      },
      window,
      progress: this.progress,
    };
  }

  /** The hold that a change which deprovisions must join, which it may be the first to; null when it may pass. */
  private holdFor(change: UserWritten | UserDeleted, drafts: readonly Draft[], addedUsers: number): string | null {
    const { guard, totalUsers } = this.state;
    if (guard === null || !endsAccess(drafts)) return null;
    if (this.hold === null) {
      const { count, deleted } = this.window.countWith(change.resourceId, change.occurredAt, guard.windowSeconds);
      if (!exceedsGuard(guard, count, totalUsers + addedUsers + deleted)) return null;
      this.hold = { id: change.id, since: change.occurredAt };
    }
    return this.hold.id;
  }

  private count(change: UserWritten | UserDeleted, drafts: readonly Draft[]): void {
    const { resourceId: userId, kind, occurredAt: time } = change;
    if (endsAccess(drafts)) this.window.add({ userId, time, deleted: kind === 'user_deleted' });
    else if (kind === 'user_deleted') this.window.markDeleted(userId);
    else if (restoresAccess(drafts)) this.window.remove(userId);
  }

  /** Of users who wait, membership changes are kept; of those whose deprovisioning was discarded they were just published. */
  private regroup({ resourceId: groupId, added, removed }: MembersChanged): void {
    const joined = new Set(added);
    for (const userId of new Set([...added, ...removed])) {
      const user = this.users.get(userId);
      if (user === undefined || (user.holdId === null && !user.memberships.has(groupId))) continue;
      const memberships = new Map(user.memberships);
      if (user.holdId === null) memberships.delete(groupId);
      else memberships.set(groupId, joined.has(userId));
      this.users.set(userId, { ...user, memberships });
      this.regrouped.add(userId);
    }
  }

  private carryOut({ id, action }: DeprovisioningDecided, slice: UserSlice | undefined): void {
    const userIds = slice?.userIds ?? [];
    for (const userId of userIds) {
      const user = this.users.get(userId);
      if (user) this.write(userId, action === 'release' ? null : { ...user, holdId: null });
    }
    this.progress.push({ changeId: id, users: userIds.length });
  }

  private write(userId: string, user: HeldUser | null): void {
    const before = this.users.get(userId);
    if (before === undefined && user === null) return;
    if (before) this.counts[this.placeOf(before)] -= 1;
    if (user) this.counts[this.placeOf(user)] += 1;
    if (user) this.users.set(userId, user);
    else this.users.delete(userId);
    this.written.add(userId);
    if (user === null && before && before.memberships.size > 0) this.regrouped.add(userId);
  }

  private placeOf({ holdId }: HeldUser): keyof HeldCounts {
    if (holdId === null) return 'discarded';
    return holdId === this.hold?.id ? 'held' : 'deciding';
  }
}

/** Whether events end the access of a user who had it: `active` becomes false, or an active user is deleted. */
function endsAccess(drafts: readonly Draft[]): boolean {
  return drafts.some(
    (draft) =>
      (draft.type === 'organization.directory.user_deleted' && draft.data.active) ||
      (draft.type === 'organization.directory.user_updated' &&
        draft.previousAttributes?.['active'] === true &&
        !draft.data.active),
  );
}

function restoresAccess(drafts: readonly Draft[]): boolean {
  return drafts.some(
    ({ type, previousAttributes }) =>
      type === 'organization.directory.user_updated' && previousAttributes?.['active'] === false,
  );
}
