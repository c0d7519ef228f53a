import { describe, expect, it } from 'vitest';
import { parseDateTime } from './parse-date-time';

describe('parseDateTime', () => {
  it('reads times with and without zone and fraction', () => {
    const time = Date.UTC(2026, 0, 31, 8);
    for (const text of [
      '2026-01-31T08:00:00Z',
      '2026-01-31T09:00:00+01:00',
      '2026-01-31T08:00:00',
      '2026-01-31t08:00:00.000z',
    ]) {
      expect(parseDateTime(text)).toBe(time);
    }
    expect(parseDateTime('2024-02-29T00:00:00Z')).toBeDefined();
  });

  it.each([
    '',
    '2026-01-31',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    'now',
    '2026-1-1T0:0:0Z',
  ])('takes %j for no time', (text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });
});
