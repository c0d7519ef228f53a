import { t } from '@lingui/core/macro';
import { perLanguage } from '../language/per-language';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time-units';

const relative = perLanguage((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
const dateTime = perLanguage(
  (language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
);
const date = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }));
const timeOfDay = perLanguage((language) => new Intl.DateTimeFormat(language, { timeStyle: 'short' }));

/**
 * How long ago, or how far ahead, a time is: `just now`, `12 seconds ago`, `in 3 days`; a date beyond 30 days. Below a day it
 * is rounded to the nearest unit; from a day on it counts the days of the reader's calendar, so that what ends the day after
 * tomorrow is never said to end tomorrow, whatever the hour.
 */
export function formatRelativeTime(time: string, now: Date): string {
  const then = new Date(time);
  const difference = then.getTime() - now.getTime();
  const distance = Math.abs(difference);
  if (distance < 5 * SECOND_MS) return t`just now`;
  if (distance < MINUTE_MS - SECOND_MS / 2) return relative().format(Math.round(difference / SECOND_MS), 'second');
  if (distance < HOUR_MS - MINUTE_MS / 2) return relative().format(Math.round(difference / MINUTE_MS), 'minute');
  if (distance < DAY_MS) return relative().format(Math.round(difference / HOUR_MS), 'hour');
  if (distance < 30 * DAY_MS) return relative().format(countDays(now, then) || Math.sign(difference), 'day');
  return formatDate(time);
}

/** How many midnights lie between two times where the reader is; a day of 23 or 25 hours counts as one. */
function countDays(from: Date, to: Date): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / DAY_MS);
}

function startOfDay(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

/** Date and time in the reader's time zone. */
export function formatDateTime(time: string): string {
  return dateTime().format(new Date(time));
}

/** The date alone, in the reader's time zone. */
export function formatDate(time: string): string {
  return date().format(new Date(time));
}

/** The time of the day alone, in the reader's time zone. */
export function formatTimeOfDay(time: string): string {
  return timeOfDay().format(new Date(time));
}

/** Milliseconds as `m:ss`, never below `0:00`. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND_MS));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
