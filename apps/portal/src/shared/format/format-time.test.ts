import { i18n } from '@lingui/core';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { formatNumber } from './format-count';
import { formatCountdown, formatDate, formatRelativeTime } from './format-time';

const now = new Date('2026-11-21T12:00:00Z');
/** Where the test runs. */
const noon = new Date(2026, 10, 21, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatRelativeTime', () => {
  it.each([
    ['2026-11-21T11:59:58Z', 'just now'],
    ['2026-11-21T12:00:02Z', 'just now'],
    ['2026-11-21T11:59:20Z', '40 seconds ago'],
    ['2026-11-21T11:01:00Z', '59 minutes ago'],
    ['2026-11-21T09:59:59Z', '2 hours ago'],
    ['2026-11-20T11:00:00Z', 'yesterday'],
    ['2026-11-24T12:00:01Z', 'in 3 days'],
  ])('says %s as "%s"', (time, text) => {
    expect(formatRelativeTime(time, now)).toBe(text);
  });

  it.each([
    // A moment after a token of so long was issued, and a moment before an event is so long ago.
    [2 * DAY - 1, 'in 2 days'],
    [7 * DAY - 1, 'in 7 days'],
    [DAY - 1, 'in 24 hours'],
    [2 * HOUR - 1, 'in 2 hours'],
    [HOUR - 1, 'in 1 hour'],
    [2 * MINUTE - 1, 'in 2 minutes'],
    [MINUTE - 1, 'in 1 minute'],
    [-(2 * DAY + 1), '2 days ago'],
    [-(DAY - 1), '24 hours ago'],
    [-(2 * HOUR - 1), '2 hours ago'],
    [-(HOUR - 1), '1 hour ago'],
    [-(MINUTE - 1), '1 minute ago'],
  ])('says %i ms away as "%s", not as one less', (difference, text) => {
    expect(formatRelativeTime(new Date(noon.getTime() + difference).toISOString(), noon)).toBe(text);
  });

  it.each([
    [new Date(2026, 10, 21, 0, 5), new Date(2026, 10, 22, 23, 55), 'tomorrow'],
    [new Date(2026, 10, 21, 23, 55), new Date(2026, 10, 23, 0, 5), 'in 2 days'],
    [new Date(2026, 10, 21, 0, 5), new Date(2026, 10, 19, 23, 55), '2 days ago'],
    [new Date(2026, 10, 21, 23, 55), new Date(2026, 10, 20, 0, 5), 'yesterday'],
  ])('counts the days of the calendar: at %s, %s is %s', (now, time, text) => {
    expect(formatRelativeTime(time.toISOString(), now)).toBe(text);
  });

  it('counts the midnights in between, at whatever times of the day', () => {
    const minute = fc.nat(24 * 60 - 1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 365 }), fc.nat(30), minute, minute, (day, days, from, to) => {
        const now = new Date(2026, 0, day, 0, from);
        const then = new Date(2026, 0, day + days, 0, to);
        const distance = then.getTime() - now.getTime();
        fc.pre(distance >= DAY && distance < 30 * DAY);
        expect(formatRelativeTime(then.toISOString(), now)).toBe(days === 1 ? 'tomorrow' : `in ${days} days`);
      }),
    );
  });

  it('falls back to a date beyond thirty days', () => {
    expect(formatRelativeTime('2026-01-05T12:00:00Z', now)).toBe('Jan 5, 2026');
  });
});

describe('formatCountdown', () => {
  it('counts in minutes and two digits of seconds', () => {
    expect(formatCountdown(14 * 60_000 + 3_200)).toBe('14:04');
    expect(formatCountdown(59_000)).toBe('0:59');
  });

  it('stops at zero', () => {
    expect(formatCountdown(-5_000)).toBe('0:00');
  });
});

describe('another language of the page', () => {
  afterEach(() => i18n.loadAndActivate({ locale: 'en', messages: {} }));

  it.each([
    ['de', 'vor 2 Stunden', '21.11.2026', '10.050'],
    ['fr', 'il y a 2 heures', '21 nov. 2026', '10\u202F050'],
    ['es', 'hace 2 horas', '21 nov 2026', '10.050'],
    ['ja', '2 時間前', '2026/11/21', '10,050'],
  ])('%s: times, dates and numbers are written as it writes them', (locale, ago, day, number) => {
    i18n.loadAndActivate({ locale, messages: {} });
    expect(formatRelativeTime('2026-11-21T09:59:59Z', now)).toBe(ago);
    expect(formatDate('2026-11-21T12:00:00Z')).toBe(day);
    expect(formatNumber(10_050)).toBe(number);
  });
});
