import type { ReactNode } from 'react';
import type { WebhookEndpoint } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { PortalError } from '../../shared/api/portal-error';
import { Notice, StaleNotice } from '../../shared/ui/notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { Skeleton } from '../../shared/ui/skeleton';
import { TabLinks } from '../../shared/ui/tab-links';
import { Trail } from '../../shared/ui/trail';
import { UnreadPage } from '../../shared/ui/unread-page';
import { EndpointHeader } from './endpoint-header';
import { endpointQuery } from './webhook-queries';
import styles from './webhooks.module.css';

interface EndpointPageFrameProps {
  endpointId: string;
  children: (endpoint: WebhookEndpoint) => ReactNode;
}

const UP = { to: '/webhooks', label: 'Webhooks' };

/** What each page of an endpoint has: its head and the way to the others. */
export function EndpointPageFrame({ endpointId, children }: EndpointPageFrameProps) {
  const endpoint = useQuery(endpointQuery(endpointId));
  if (endpoint.error instanceof PortalError && endpoint.error.status === 404) return <EndpointGone />;
  if (!endpoint.data && endpoint.error !== null) {
    return <UnreadPage title="Endpoint" up={UP} error={endpoint.error} onRetry={() => void endpoint.refetch()} />;
  }
  return (
    <div className={styles.page}>
      <Trail {...UP} />
      {endpoint.data && (
        <>
          {endpoint.error !== null && (
            <StaleNotice title="This endpoint could not be refreshed" onRetry={() => void endpoint.refetch()} />
          )}
          <EndpointHeader endpoint={endpoint.data} />
          <TabLinks label="Endpoint" links={tabsOf(endpointId)} />
          {children(endpoint.data)}
        </>
      )}
      {!endpoint.data && (
        <div role="status" aria-label="Loading the endpoint">
          <Skeleton width={3} />
          <Skeleton width={2} />
        </div>
      )}
    </div>
  );
}

function tabsOf(endpointId: string) {
  const base = `/webhooks/${endpointId}`;
  return [
    { to: base, label: 'Deliveries', end: true },
    { to: `${base}/replays`, label: 'Replays' },
    { to: `${base}/settings`, label: 'Settings' },
    { to: `${base}/verify`, label: 'Verify' },
  ];
}

function EndpointGone() {
  return (
    <div className={styles.page}>
      <PageHeading title="There is no such endpoint" />
      <Notice>
        It may have been deleted meanwhile. <Link to="/webhooks">Go to the webhooks</Link>
      </Notice>
    </div>
  );
}
