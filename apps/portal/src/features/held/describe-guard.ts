import type { DeprovisionGuard } from '@rollcall/sdk';
import { formatCount } from '../../shared/format/format-count';

/** What a deprovision guard lets through, in words: `10 users or 5 % of all users within an hour`. */
export function describeGuard({ max_users, max_percent, window_seconds }: DeprovisionGuard): string {
  const limits = [
    ...(max_users === null ? [] : [formatCount(max_users, 'user')]),
    ...(max_percent === null ? [] : [`${max_percent} % of all users`]),
  ];
  return `${limits.join(' or ')} within ${describeWindow(window_seconds)}`;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

function describeWindow(seconds: number): string {
  const [size, unit] = UNITS.find(([unitSize]) => seconds >= unitSize && seconds % unitSize === 0) ?? [1, 'second'];
  return formatCount(seconds / size, unit);
}
