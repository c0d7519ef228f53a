import type { HeldCounts } from '@rollcall/events';

/** What the counter row of a directory tells of its held users, so that a drain of a directory without any reads no more. */
export interface StoredDeprovisioning {
  /** What is counted: deprovisionings of this window. */
  windowId: string;
  hold: { id: string; since: string } | null;
  counts: HeldCounts;
}

/** Where nothing was ever held. */
export const NOTHING_HELD: StoredDeprovisioning = {
  windowId: '0',
  hold: null,
  counts: { held: 0, deciding: 0, discarded: 0 },
};

/** Whether there are rows of held users. */
export function hasHeldUsers({ counts }: StoredDeprovisioning): boolean {
  return counts.held + counts.deciding + counts.discarded > 0;
}
