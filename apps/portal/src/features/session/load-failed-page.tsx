import { useState } from 'react';
import { describeError } from '../../shared/api/describe-error';
import { isTransient } from '../../shared/api/portal-error';
import { Button } from '../../shared/ui/button';
import { StatusPage } from '../../shared/ui/status-page';

interface LoadFailedPageProps {
  /** Why the session could not be read; null while it is tried again. */
  error: unknown;
  onRetry: () => void;
}

/** Shown instead of the portal while it is not known whether there is a session. What may pass is tried again by itself. */
export function LoadFailedPage({ error, onRetry }: LoadFailedPageProps) {
  const [last, setLast] = useState(error);
  if (error !== null && error !== last) setLast(error);
  const { title, advice } = describeError(last);
  const mayPass = isTransient(last);
  return (
    <StatusPage
      title="The portal could not be loaded"
      actions={
        <Button tone="primary" icon="refresh" busy={error === null} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>{title}.</p>
      <p>{mayPass ? 'This page tries again by itself, and goes on as soon as it can.' : advice}</p>
    </StatusPage>
  );
}
