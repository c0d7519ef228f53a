import { plural, t } from '@lingui/core/macro';
import type { DirectorySecret } from '@rollcall/sdk';
import { DAY, HOUR, MINUTE } from '../../shared/format/time-units';
import type { Choice } from '../../shared/ui/field';

/** 0 stands for a token that does not expire. */
function listUsual(): readonly Choice<number>[] {
  return [
    {
      value: 0,
      label: t({ message: 'Never', context: 'when a token expires' }),
      hint: t`It works until it is revoked or regenerated.`,
    },
    { value: 365 * DAY, label: t`In one year` },
    { value: 90 * DAY, label: describeLifetime(90 * DAY) },
  ];
}

/** Seconds in the largest unit that they are whole of. */
function describeLifetime(seconds: number): string {
  if (seconds % DAY === 0) return plural({ days: seconds / DAY }, { one: 'In # day', other: 'In # days' });
  if (seconds % HOUR === 0) return plural({ hours: seconds / HOUR }, { one: 'In # hour', other: 'In # hours' });
  if (seconds % MINUTE === 0)
    return plural({ minutes: seconds / MINUTE }, { one: 'In # minute', other: 'In # minutes' });
  return plural({ seconds }, { one: 'In # second', other: 'In # seconds' });
}

/** How long a token was made to live, in seconds; 0 when it does not expire. */
export function lifetimeOf({ create_time, expire_time }: Pick<DirectorySecret, 'create_time' | 'expire_time'>): number {
  if (expire_time === null) return 0;
  return Math.max(1, Math.round((Date.parse(expire_time) - Date.parse(create_time)) / 1_000));
}

/** When a new token may expire, in seconds from now; one that is asked for beside the usual ones stands last. */
export function lifetimeChoices(present = 0): readonly Choice<number>[] {
  const usual = listUsual();
  if (usual.some(({ value }) => value === present)) return usual;
  return [...usual, { value: present, label: describeLifetime(present), hint: t`As long as the old token.` }];
}
