import type { HeldCounts } from '@rollcall/events';

/** What the counter row of a directory says about its held users, so that a drain of a directory without any reads no more. */
export interface HoldState {
  /** What is counted: deprovisionings of this window. */
  windowId: string;
  hold: { id: string; since: string } | null;
  counts: HeldCounts;
}

/** Where nothing was ever held. */
export const NOTHING_HELD: HoldState = {
  windowId: '0',
  hold: null,
  counts: { held: 0, deciding: 0, discarded: 0 },
};

/** Whether there are rows of held users. */
export function hasHeldUsers({ counts }: HoldState): boolean {
  return counts.held + counts.deciding + counts.discarded > 0;
}

/**
 * A decision about everyone who is held: the hold ends, and the guard counts afresh.
 * @param changeId the id of the decision's change row
 */
export function decideAll({ counts }: HoldState, changeId: string): HoldState {
  return {
    windowId: changeId,
    hold: null,
    counts: { ...counts, held: 0, deciding: counts.deciding + counts.held },
  };
}

/**
 * A decision about some users, held or discarded before. The hold ends with the last who is held, else it goes on.
 * @param changeId the id of the decision's change row
 * @param decided how many users it is about
 */
export function decideSome(
  { windowId, hold, counts }: HoldState,
  changeId: string,
  decided: { held: number; discarded: number },
): HoldState {
  const isOver = hold !== null && counts.held === decided.held;
  return {
    windowId: isOver ? changeId : windowId,
    hold: isOver ? null : hold,
    counts: {
      held: counts.held - decided.held,
      deciding: counts.deciding + decided.held + decided.discarded,
      discarded: counts.discarded - decided.discarded,
    },
  };
}

/** How many users a list shows: those discarded, those who wait (held, or being decided), or both when `discarded` is absent. */
export function countListed({ counts }: HoldState, discarded?: boolean): number {
  const waiting = counts.held + counts.deciding;
  if (discarded === undefined) return waiting + counts.discarded;
  return discarded ? counts.discarded : waiting;
}
