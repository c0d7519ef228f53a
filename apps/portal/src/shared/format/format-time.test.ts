import { describe, expect, it } from 'vitest';
import { formatCountdown, formatRelativeTime } from './format-time';

const now = new Date('2026-11-21T12:00:00Z');

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
