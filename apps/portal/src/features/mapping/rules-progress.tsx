import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { RulesJob } from '@rollcall/sdk';
import { formatNumber } from '../../shared/format/format-count';
import { Notice } from '../../shared/ui/notice';

/** How far the newest rules have been applied; nothing once they are. */
export function RulesProgress({ job }: { job: RulesJob | null }) {
  if (!job || job.state === 'finished') return null;
  const done = formatNumber(job.done);
  const total = formatNumber(job.total);
  return (
    <Notice role="status" title={t`The users are being brought to the newest rules`}>
      <Trans>
        {done} of {total} are done. You can leave this page meanwhile.
      </Trans>
    </Notice>
  );
}
