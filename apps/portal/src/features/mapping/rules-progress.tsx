import type { RulesJob } from '@rollcall/sdk';
import { formatNumber } from '../../shared/format/format-count';
import { Notice } from '../../shared/ui/notice';

/** How far the newest rules have been applied; nothing once they are. */
export function RulesProgress({ job }: { job: RulesJob | null }) {
  if (!job || job.state === 'finished') return null;
  return (
    <Notice role="status" title="The users are being brought to the newest rules">
      {formatNumber(job.done)} of {formatNumber(job.total)} are done. You can leave this page meanwhile.
    </Notice>
  );
}
