import type { MemberSlice, MembersChanged } from './change';

/** How much one batch may hold: what it loads, makes and writes in one transaction. */
export interface BatchLimits {
  changes: number;
  /** Events that the changes make; a single change that makes more is a batch of its own. */
  events: number;
  /** What the changes and the published objects that are loaded for them take together. */
  bytes: number;
  /** Users, and bytes of them, that a change over many takes in one batch: it leaves room for the changes behind it. */
  slice: number;
  sliceBytes: number;
}

const CHANGES_MAX = 500;
/** A batch stays at some 150 ms: others wait for its statements, and for the event loop while they are put together. */
const BATCH_MS = 150;
const WORK_MAX = 5_000;
/** What a batch takes however small it is. */
const EMPTY_BATCH_MS = 2;
/** What making, rendering and storing an event costs, and each of its deliveries. */
const EVENT_WORK = 4;
const DELIVERY_WORK = 2;
const BYTES_MAX = 4 * 1024 * 1024;

/** The limits of a batch whose events go to so many endpoints each. */
export function limitBatch(endpoints: number): BatchLimits {
  const events = Math.floor(WORK_MAX / (EVENT_WORK + DELIVERY_WORK * endpoints));
  return {
    changes: CHANGES_MAX,
    events: Math.max(events, 2),
    bytes: BYTES_MAX,
    slice: Math.min(CHANGES_MAX, Math.max(1, Math.floor(events / 2))),
    sliceBytes: BYTES_MAX / 2,
  };
}

/** About how many milliseconds a batch takes on a machine that has nothing else to do. */
export function batchMilliseconds({ events, deliveries }: { events: number; deliveries: number }): number {
  return EMPTY_BATCH_MS + ((EVENT_WORK * events + DELIVERY_WORK * deliveries) * BATCH_MS) / WORK_MAX;
}

/** Which of some users, in their order, a slice takes. The first is always taken. */
export function cutSlice(
  users: readonly { id: string; bytes: number }[],
  { slice, sliceBytes }: Pick<BatchLimits, 'slice' | 'sliceBytes'>,
): MemberSlice {
  const userIds: string[] = [];
  let bytes = 0;
  for (const user of users) {
    bytes += user.bytes;
    if (userIds.length === slice || (userIds.length > 0 && bytes > sliceBytes)) return { userIds, more: true };
    userIds.push(user.id);
  }
  return { userIds, more: false };
}

/**
 * Divides a change of members into two that together say the same: the first `count` members, those added before those removed, and
 * the rest, null when nobody is left.
 */
export function divideMembers(
  change: MembersChanged,
  count: number,
): { now: MembersChanged; rest: Pick<MembersChanged, 'added' | 'removed'> | null } {
  const { added } = change;
  // Of one who is named twice the addition counts, as in the change that was not divided.
  const joining = new Set(added);
  const removed = change.removed.filter((userId) => !joining.has(userId));
  const now = { ...change, added: added.slice(0, count), removed: removed.slice(0, Math.max(0, count - added.length)) };
  const rest = { added: added.slice(now.added.length), removed: removed.slice(now.removed.length) };
  return { now, rest: rest.added.length + rest.removed.length > 0 ? rest : null };
}
