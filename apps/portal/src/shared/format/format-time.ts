const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/**
 * How long ago, or how far ahead, a time is: `just now`, `12 seconds ago`, `in 3 days`; a date beyond 30 days. Below a day it
 * is rounded to the nearest unit; from a day on it counts the days of the reader's calendar, so that what ends the day after
 * tomorrow is never said to end tomorrow, whatever the hour.
 */
export function formatRelativeTime(time: string, now: Date): string {
  const then = new Date(time);
  const difference = then.getTime() - now.getTime();
  const distance = Math.abs(difference);
  if (distance < 5 * SECOND) return 'just now';
  if (distance < MINUTE - SECOND / 2) return relative.format(Math.round(difference / SECOND), 'second');
  if (distance < HOUR - MINUTE / 2) return relative.format(Math.round(difference / MINUTE), 'minute');
  if (distance < DAY) return relative.format(Math.round(difference / HOUR), 'hour');
  if (distance < 30 * DAY) return relative.format(countDays(now, then) || Math.sign(difference), 'day');
  return formatDate(time);
}

/** How many midnights lie between two times where the reader is; a day of 23 or 25 hours counts as one. */
function countDays(from: Date, to: Date): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / DAY);
}

function startOfDay(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

/** Date and time in the reader's time zone. */
export function formatDateTime(time: string): string {
  return dateTime.format(new Date(time));
}

/** The date alone, in the reader's time zone. */
export function formatDate(time: string): string {
  return date.format(new Date(time));
}

/** Milliseconds as `m:ss`, never below `0:00`. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
