import { describeError } from '../api/describe-error';
import { isTransient } from '../api/portal-error';
import { Button } from './button';
import { StatusPage } from './status-page';

interface LoadFailedPageProps {
  /** What the person came for. */
  what: 'portal' | 'dashboard';
  /** Why the session could not be read. */
  error: Error;
  /** It is being read again. */
  isTrying: boolean;
  onRetry: () => void;
}

/** Shown instead of all else while it is not known whether there is a session. What may pass is tried again by itself. */
export function LoadFailedPage({ what, error, isTrying, onRetry }: LoadFailedPageProps) {
  const { title, advice } = describeError(error);
  return (
    <StatusPage
      title={`The ${what} could not be loaded`}
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
