import type { DirectoryDetail } from '@rollcall/sdk';
import { formatCount } from '../../shared/format/format-count';
import { Notice } from '../../shared/ui/notice';

/** How far the newest rules have been applied to the users, while that is under way. */
export function JobNotice({ job }: { job: DirectoryDetail['rules_job'] }) {
  if (job === null || job.state === 'finished') return null;
  return (
    <Notice role="status" title="The newest rules are being applied">
      {job.done} of {formatCount(job.total, 'user')} so far. You can leave this page.
    </Notice>
  );
}
