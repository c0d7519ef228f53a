import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from './button';
import { Notice } from './notice';

interface PartialNoticeProps {
  /** The names of the databases that did not answer. */
  unavailable: readonly string[];
  /** What became of their organizations, where they were not only to be shown. */
  title?: string;
  onRetry?: () => void;
}

/** Of several databases some did not answer: what they have is missing from what stands here. Nothing when all did. */
export function PartialNotice({ unavailable, title, onRetry }: PartialNoticeProps) {
  const databases = unavailable.join(', ');
  if (unavailable.length === 0) return null;
  return (
    <Notice
      tone="waiting"
      role="status"
      title={title ?? t`Some organizations cannot be shown`}
      actions={
        onRetry && (
          <Button icon="refresh" onClick={onRetry}>
            <Trans>Try again</Trans>
          </Button>
        )
      }
    >
      <Trans>
        Their databases do not answer right now: {databases}. Nothing is lost; what they have is not counted here.
      </Trans>
    </Notice>
  );
}
