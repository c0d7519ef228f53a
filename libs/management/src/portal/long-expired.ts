/**
 * When a session that is ended has expired, in SQL: so long ago that it is also over for a program of the version before, which knows
 * nothing of why sessions end, on a machine whose clock is behind.
 */
export const LONG_EXPIRED = `now() - interval '1 hour'`;
