/** Seconds within which a portal link must be opened of which nobody said how long it is good for. */
export const DEFAULT_EXPIRES_IN = 60;
