const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** How long ago, or how far ahead, a time is: `just now`, `12 seconds ago`, `in 3 days`; a date beyond 30 days. */
export function formatRelativeTime(time: string, now: Date): string {
  const difference = Date.parse(time) - now.getTime();
  const distance = Math.abs(difference);
  if (distance < 5 * SECOND) return 'just now';
  if (distance < MINUTE) return relative.format(Math.trunc(difference / SECOND), 'second');
  if (distance < HOUR) return relative.format(Math.trunc(difference / MINUTE), 'minute');
  if (distance < DAY) return relative.format(Math.trunc(difference / HOUR), 'hour');
  if (distance < 30 * DAY) return relative.format(Math.trunc(difference / DAY), 'day');
  return formatDate(time);
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
