import type { HoldAction } from '@rollcall/contract';
import type { DeprovisioningDecided, DeprovisioningState, DeprovisioningWrites, HeldUser } from './change';
import type { DeprovisionGuard } from './deprovision-guard';
import type { Deprovisioning } from './deprovision-window';
import type { RequiredState } from './required-state';

/** The tables of the deprovision guard in memory, loaded and saved as the real ones are, and the owner's decisions. */
export class SimulatedHolds {
  readonly users = new Map<string, HeldUser>();
  readonly progress = new Map<string, number>();
  hold: DeprovisioningState['hold'] = null;
  counts = { held: 0, deciding: 0, discarded: 0 };
  holdsStarted = 0;
  private window: Deprovisioning[] = [];

  constructor(
    private readonly guard: DeprovisionGuard | null,
    private readonly sliceSize: number,
  ) {}

  /** What the action of the API does: the hold, or the users named, become what the decision is about. */
  decide(action: HoldAction, changeId: string, userIds?: readonly string[]): DeprovisioningDecided | null {
    const open = this.hold?.id;
    const chosen = [...this.users].filter(
      ([id, { holdId }]) =>
        (userIds?.includes(id) ?? true) && (holdId === open || (holdId === null && userIds !== undefined)),
    );
    const undecided = chosen.filter(([, { holdId }]) => open !== undefined && holdId === open);
    if (chosen.length === 0) return null;
    const holdId = userIds === undefined ? (open ?? '') : changeId;
    for (const [id, user] of chosen) this.users.set(id, { ...user, holdId });
    this.counts.held -= undecided.length;
    this.counts.discarded -= chosen.length - undecided.length;
    this.counts.deciding += chosen.length;
    if (this.hold && this.counts.held === 0) {
      this.hold = null;
      this.window = [];
    }
    return { id: changeId, kind: 'deprovisioning_decided', action, holdId, occurredAt: new Date(0) };
  }

  load({ decisions, deprovisionedAt }: RequiredState, totalUsers: number, userIds: readonly string[]) {
    const slices = new Map(decisions.map(({ id, holdId }) => [id, this.sliceOf(holdId)]));
    const ids = [...userIds, ...[...slices.values()].flatMap((slice) => slice.userIds)];
    return {
      guard: this.guard,
      totalUsers,
      hold: this.hold,
      counts: this.counts,
      window: deprovisionedAt.length > 0 ? this.window : [],
      held: new Map(ids.flatMap((id) => (this.users.has(id) ? [[id, this.users.get(id) as HeldUser] as const] : []))),
      slices,
    } satisfies DeprovisioningState;
  }

  save(writes: DeprovisioningWrites | null): void {
    if (!writes) return;
    this.hold = writes.hold;
    this.counts = writes.counts;
    if (writes.started) this.holdsStarted += 1;
    for (const userId of writes.users.deletes) this.users.delete(userId);
    for (const { userId, ...user } of writes.users.upserts) {
      this.users.set(userId, { ...user, memberships: this.users.get(userId)?.memberships ?? new Map() });
    }
    for (const userId of writes.memberships.userIds) {
      const rows = writes.memberships.rows.filter((row) => row.userId === userId);
      const user = this.users.get(userId);
      const memberships = new Map(rows.map(({ groupId, isMember }) => [groupId, isMember]));
      if (user) this.users.set(userId, { ...user, memberships });
    }
    const { adds, removes } = writes.window;
    const replaced = new Set([...removes, ...adds.map(({ userId }) => userId)]);
    this.window = [...this.window.filter(({ userId }) => !replaced.has(userId)), ...adds].toSorted(
      (a, b) => a.time.getTime() - b.time.getTime(),
    );
    for (const { changeId, users } of writes.progress) {
      this.progress.set(changeId, (this.progress.get(changeId) ?? 0) + users);
    }
  }

  waiting(): string[] {
    return [...this.users].filter(([, { holdId }]) => holdId !== null).map(([id]) => id);
  }

  private sliceOf(holdId: string) {
    const ids = [...this.users].filter(([, user]) => user.holdId === holdId).map(([id]) => id);
    return { userIds: ids.toSorted().slice(0, this.sliceSize), more: ids.length > this.sliceSize };
  }
}
