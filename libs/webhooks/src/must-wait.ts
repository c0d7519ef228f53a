import type { Ordering } from '@rollcall/contract';

/** How long an earlier delivery of the same resource holds back later ones, from its first attempt: 15 minutes. */
export const RESOURCE_HOLD_MS = 15 * 60_000;

/** What decides which deliveries of one endpoint are in one line. */
export interface OrderedEvent {
  directoryId: string;
  resourceId: string;
  /** Null = an operational event, which has no place in any order. */
  sequence: number | null;
}

/** The line a delivery stands in at its endpoint; null = none, it goes when it is due. */
export function orderingKey(ordering: Ordering, event: OrderedEvent): string | null {
  if (event.sequence === null || ordering === 'none') return null;
  return ordering === 'fifo' ? event.directoryId : `${event.directoryId}/${event.resourceId}`;
}

/**
 * Whether a delivery must wait for an earlier, unfinished one in its line.
 * @param earlier.firstAttemptTime when the earlier one was first sent; null = not yet
 */
export function mustWait(ordering: Ordering, earlier: { firstAttemptTime: Date | null }, now: Date): boolean {
  switch (ordering) {
    case 'none':
      return false;
    case 'fifo':
      return true;
    case 'resource':
      return earlier.firstAttemptTime === null || now.getTime() - earlier.firstAttemptTime.getTime() < RESOURCE_HOLD_MS;
  }
}
