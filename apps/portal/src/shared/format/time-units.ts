/** Spans of time in seconds, as the API has them. */
export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The same in milliseconds, as clocks and timers have them. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = MINUTE * SECOND_MS;
export const HOUR_MS = HOUR * SECOND_MS;
export const DAY_MS = DAY * SECOND_MS;
