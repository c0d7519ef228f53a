import type { DirectorySecret } from '@rollcall/sdk';
import { formatDuration } from '../../shared/format/format-duration';
import { DAY } from '../../shared/format/time-units';
import type { Choice } from '../../shared/ui/field';

/** 0 stands for a token that does not expire. */
const LIFETIMES: readonly Choice<number>[] = [
  { value: 0, label: 'Never', hint: 'It works until it is revoked or regenerated.' },
  { value: 365 * DAY, label: 'In one year' },
  { value: 90 * DAY, label: 'In 90 days' },
];

/** How long a token was made to live, in seconds; 0 when it does not expire. */
export function lifetimeOf({ create_time, expire_time }: Pick<DirectorySecret, 'create_time' | 'expire_time'>): number {
  if (expire_time === null) return 0;
  return Math.max(1, Math.round((Date.parse(expire_time) - Date.parse(create_time)) / 1_000));
}

/** When a new token may expire, in seconds from now; one that is asked for beside the usual ones stands last. */
export function lifetimeChoices(present = 0): readonly Choice<number>[] {
  if (LIFETIMES.some(({ value }) => value === present)) return LIFETIMES;
  return [...LIFETIMES, { value: present, label: `In ${formatDuration(present)}`, hint: 'As long as the old token.' }];
}
