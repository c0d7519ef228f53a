import type { Ordering } from '@rollcall/contract';

/** How deliveries are leased. What runs is SQL (`claim_deliveries`), which takes these numbers with every call. */
export interface ClaimRules {
  /** How long an earlier delivery of the same resource holds back later ones, from its first attempt. */
  holdMs: number;
  /** How long a delivery is leased to one worker; then it is up for anyone again. */
  leaseMs: number;
  /** Rows at the front of a backlog that are looked at for some that may go. */
  window: number;
  /** Rows that one claim defers when too few may go; it holds the endpoint's lock meanwhile. */
  deferredAtOnce: number;
  /** Directories that one claim looks at to let them have their turn. */
  directoriesPerTurn: number;
  /** Rows that it looks at of each of them. */
  frontOfDirectory: number;
}

export const CLAIM_RULES: ClaimRules = {
  holdMs: 15 * 60_000,
  leaseMs: 30_000,
  window: 100,
  deferredAtOnce: 200,
  directoriesPerTurn: 50,
  frontOfDirectory: 20,
};

/** A pending delivery, as far as its place in line goes. */
export interface OrderedDelivery {
  directoryId: string;
  resourceId: string;
  /** Null = an operational event, which has no place in any order. */
  sequence: number | null;
  /** The replay that sends it; null = as it happened. A replay has lines of its own. */
  replayId: string | null;
  /** When it was first sent; null = not yet. */
  firstAttemptTime: Date | null;
}

/** What the order depends on besides the deliveries. */
export interface OrderingMoment {
  ordering: Ordering;
  holdMs: number;
  now: Date;
  /** When the endpoint was last enabled after having been disabled: nothing could be sent before, so that a hold runs anew. */
  enabledTime: Date | null;
}

/**
 * Whether a delivery must wait for one of the others that are pending at its endpoint. The model of what `claim_deliveries` does:
 * a test holds the two together.
 */
export function mustWait(
  delivery: OrderedDelivery,
  pending: readonly OrderedDelivery[],
  moment: OrderingMoment,
): boolean {
  return pending.some((other) => isBefore(other, delivery, moment.ordering) && holdsUp(other, moment));
}

/** Whether two deliveries stand in one line, and `other` in front. */
function isBefore(other: OrderedDelivery, delivery: OrderedDelivery, ordering: Ordering): boolean {
  const line = lineOf(ordering, delivery);
  if (line === null || line !== lineOf(ordering, other)) return false;
  return (other.sequence ?? 0) < (delivery.sequence ?? 0);
}

/** The line a delivery stands in at its endpoint; null = none, it goes when it is due. */
function lineOf(ordering: Ordering, { directoryId, resourceId, sequence, replayId }: OrderedDelivery): string | null {
  if (sequence === null || ordering === 'none') return null;
  const line = `${replayId ?? 'live'}/${directoryId}`;
  return ordering === 'fifo' ? line : `${line}/${resourceId}`;
}

/** Whether the one in front still keeps its line waiting. */
function holdsUp(
  { firstAttemptTime }: OrderedDelivery,
  { ordering, holdMs, now, enabledTime }: OrderingMoment,
): boolean {
  if (ordering === 'fifo' || firstAttemptTime === null) return true;
  const since = Math.max(firstAttemptTime.getTime(), enabledTime?.getTime() ?? 0);
  return now.getTime() - since < holdMs;
}
