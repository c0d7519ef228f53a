import { expect, it } from 'vitest';
import { formatDuration } from './format-duration';
import { DAY, HOUR, MINUTE } from './time-units';

it.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [90, '90 seconds'],
  [90 * MINUTE, '90 minutes'],
  [36 * HOUR, '36 hours'],
  [DAY, '1 day'],
  [30 * DAY, '30 days'],
  [7 * DAY + 1, '604,801 seconds'],
])('%i seconds are %s, and nothing is rounded away', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
