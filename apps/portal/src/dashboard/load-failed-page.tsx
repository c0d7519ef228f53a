import { describeError } from '../shared/api/describe-error';
import { isTransient } from '../shared/api/portal-error';
import { Button } from '../shared/ui/button';
import { StatusPage } from '../shared/ui/status-page';

interface LoadFailedPageProps {
  /** Why the session could not be read. */
  error: Error;
  /** It is being read again. */
  isTrying: boolean;
  onRetry: () => void;
}

/** Shown instead of the dashboard while it is not known whether somebody is signed in. What may pass is tried again by itself. */
export function LoadFailedPage({ error, isTrying, onRetry }: LoadFailedPageProps) {
  const { title, advice } = describeError(error);
  return (
    <StatusPage
      title="The dashboard could not be loaded"
      actions={
        <Button tone="primary" icon="refresh" busy={isTrying} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>{title}.</p>
      <p>{isTransient(error) ? 'This page tries again by itself, and goes on as soon as it can.' : advice}</p>
    </StatusPage>
  );
}
