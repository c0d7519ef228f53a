/** The header in which the page of a hand-over says with what it was opened: never in an address, which others log. */
export const HAND_OVER_HEADER = 'x-rollcall-hand-over';
