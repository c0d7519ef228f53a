import { expect, it } from 'vitest';
import { describeGuard } from './describe-guard';

it.each([
  [10, 5, 3_600, '10 users or 5 % of all users within 1 hour'],
  [1, null, 86_400, '1 user within 1 day'],
  [null, 2.5, 5_400, '2.5 % of all users within 90 minutes'],
  [0, null, 45, '0 users within 45 seconds'],
])('says that a guard of %j users, %j %% and %j s lets through %s', (max_users, max_percent, window_seconds, text) => {
  const guard = describeGuard({ max_users, max_percent, window_seconds });
  expect(guard).toBe(`Up to ${text} may be deactivated or deleted.`);
});
