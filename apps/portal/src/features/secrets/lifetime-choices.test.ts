import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../shared/format/time-units';
import { lifetimeChoices, lifetimeOf } from './lifetime-choices';

const create_time = '2026-11-21T12:00:00.123Z';

describe('lifetimeOf', () => {
  it('is what the token was made with', () => {
    expect(lifetimeOf({ create_time, expire_time: null })).toBe(0);
    expect(lifetimeOf({ create_time, expire_time: '2026-11-22T12:00:00.123Z' })).toBe(DAY);
    expect(lifetimeOf({ create_time, expire_time: '2026-11-21T12:00:01.122Z' })).toBe(1);
  });
});

describe('lifetimeChoices', () => {
  it('are never, a year and 90 days', () => {
    const usual = [0, 365 * DAY, 90 * DAY];
    for (const present of [undefined, ...usual]) {
      expect(lifetimeChoices(present).map(({ value }) => value)).toEqual(usual);
    }
  });

  it.each([
    [30 * DAY, 'In 30 days'],
    [DAY, 'In 1 day'],
    [36 * HOUR, 'In 36 hours'],
    [90, 'In 90 seconds'],
    [1, 'In 1 second'],
  ])('have one more for a token of %i seconds: %s', (present, label) => {
    expect(lifetimeChoices(present).at(-1)).toMatchObject({ value: present, label });
  });
});
