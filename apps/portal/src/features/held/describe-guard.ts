import type { DeprovisionGuard } from '@rollcall/sdk';
import { formatCount } from '../../shared/format/format-count';
import { formatDuration } from '../../shared/format/format-duration';

/** What a deprovision guard lets through, in words: `10 users or 5 % of all users within an hour`. */
export function describeGuard({ max_users, max_percent, window_seconds }: DeprovisionGuard): string {
  const limits = [
    ...(max_users === null ? [] : [formatCount(max_users, 'user')]),
    ...(max_percent === null ? [] : [`${max_percent} % of all users`]),
  ];
  return `${limits.join(' or ')} within ${formatDuration(window_seconds)}`;
}
