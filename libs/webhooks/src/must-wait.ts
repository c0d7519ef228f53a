import type { Ordering } from '@rollcall/contract';

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
