import { plural, t } from '@lingui/core/macro';
import type { DeprovisionGuard } from '@rollcall/sdk';
import { formatNumber } from '../../shared/format/format-count';
import { formatDuration } from '../../shared/format/format-duration';

/** What a deprovision guard lets through, in a sentence. */
export function describeGuard({ max_users, max_percent, window_seconds }: DeprovisionGuard): string {
  const duration = formatDuration(window_seconds);
  const percent = max_percent === null ? '' : formatNumber(max_percent);
  if (max_users === null) return t`Up to ${percent} % of all users within ${duration} may be deactivated or deleted.`;
  if (percent === '') {
    return plural(
      { count: max_users },
      {
        one: `Up to # user within ${duration} may be deactivated or deleted.`,
        other: `Up to # users within ${duration} may be deactivated or deleted.`,
      },
    );
  }
  return plural(
    { count: max_users },
    {
      one: `Up to # user or ${percent} % of all users within ${duration} may be deactivated or deleted.`,
      other: `Up to # users or ${percent} % of all users within ${duration} may be deactivated or deleted.`,
    },
  );
}
