import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { describeError } from '../api/describe-error';
import { isTransient } from '../api/portal-error';
import { Button } from './button';
import { StatusPage } from './status-page';

interface LoadFailedPageProps {
  /** That what the person came for could not be loaded. */
  title: string;
  /** Why the session could not be read. */
  error: Error;
  /** It is being read again. */
  isTrying: boolean;
  onRetry: () => void;
}

/** Shown instead of all else while it is not known whether there is a session. What may pass is tried again by itself. */
export function LoadFailedPage({ title, error, isTrying, onRetry }: LoadFailedPageProps) {
  const reason = describeError(error);
  return (
    <StatusPage
      title={title}
      actions={
        <Button tone="primary" icon="refresh" busy={isTrying} onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <p>{reason.title}.</p>
      <p>{isTransient(error) ? t`This page tries again by itself, and goes on as soon as it can.` : reason.advice}</p>
    </StatusPage>
  );
}
