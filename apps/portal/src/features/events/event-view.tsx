import type { ReactNode } from 'react';
import type { ApiPaths, WebhookDelivery } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { PortalError } from '../../shared/api/portal-error';
import { describeAttempt } from '../../shared/format/delivery-state';
import { formatDateTime } from '../../shared/format/format-time';
import { toCurl } from '../../shared/format/to-curl';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { OrganizationName } from '../../shared/management-api/organization-name';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { CodeBlock } from '../../shared/ui/code-block';
import { CopyButton } from '../../shared/ui/copy-button';
import { DeliveryBadge } from '../../shared/ui/delivery-badge';
import { Facts } from '../../shared/ui/facts';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Notice } from '../../shared/ui/notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { Skeleton } from '../../shared/ui/skeleton';
import { Table, type Column } from '../../shared/ui/table';
import { toTableState } from '../../shared/ui/table-state';
import { RelativeTime } from '../../shared/ui/time';
import { Trail } from '../../shared/ui/trail';
import { UnreadPage } from '../../shared/ui/unread-page';
import { endpointUrlsQuery, eventDeliveriesQuery, eventQuery } from './event-queries';
import styles from './events.module.css';

type Event = ApiPaths['/api/v1/events/{event_id}']['get']['responses'][200]['content']['application/json']['event'];

const UP = { to: '/events', label: 'Events' };

/** One event as it was sent, and where it went. */
export function EventView({ eventId }: { eventId: string }) {
  const event = useQuery(eventQuery(eventId));
  if (event.error instanceof PortalError && event.error.status === 404) return <EventGone />;
  if (!event.data && event.error !== null) {
    return <UnreadPage title="Event" up={UP} error={event.error} onRetry={() => void event.refetch()} />;
  }
  return (
    <div className={styles.page}>
      <Trail {...UP} />
      {event.data ? (
        <LoadedEvent event={event.data} />
      ) : (
        <div role="status" aria-label="Loading the event">
          <Skeleton width={3} />
          <Skeleton width={2} />
        </div>
      )}
    </div>
  );
}

/** To the port of an app that is being developed. Its signature is not among the headers: each delivery has one of its own. */
const LOCAL_URL = 'http://localhost:3000/webhooks/rollcall';

function LoadedEvent({ event }: { event: Event }) {
  const [form, setForm] = useSearchParam('form');
  const isRaw = form === 'raw';
  // The stored text is compact JSON, and so is this.
  const raw = JSON.stringify(event);
  const headers = { 'content-type': 'application/json', 'webhook-id': event.id };
  return (
    <>
      <PageHeading title={event.type} className={styles.title} />
      <div className={styles.columns}>
        <Facts title="What it is" isSection facts={factsOf(event)} />
        <EventDeliveries eventId={event.id} />
      </div>
      <Card
        title="As it was sent"
        actions={
          <div className={styles.steps}>
            <Button onClick={() => setForm(isRaw ? null : 'raw')}>{isRaw ? 'Show to read' : 'Show raw'}</Button>
            <CopyButton value={toCurl({ url: LOCAL_URL, headers, body: raw })} label="event" text="Copy as curl" />
          </div>
        }
      >
        <CodeBlock label="Event" code={isRaw ? raw : JSON.stringify(event, null, 2)} wraps />
      </Card>
    </>
  );
}

function factsOf(event: Event): { label: string; value: ReactNode }[] {
  const { organization_id: organization, directory_id: directory } = event;
  return [
    { label: 'ID', value: <code>{event.id}</code> },
    { label: 'Occurred', value: formatDateTime(event.occurred_at) },
    { label: 'Sequence', value: String(event.sequence) },
    {
      label: 'Organization',
      value: (
        <Link to={`/organizations/${organization}`}>
          <OrganizationName id={organization} />
        </Link>
      ),
    },
    {
      label: 'Directory',
      value: <Link to={`/organizations/${organization}/directories/${directory}`}>{directory}</Link>,
    },
    { label: 'Around it', value: <Link to={`/events?directory_id=${directory}`}>Events of this directory</Link> },
  ];
}

function EventDeliveries({ eventId }: { eventId: string }) {
  const deliveries = useQuery(eventDeliveriesQuery(eventId));
  const { data: urls } = useQuery(endpointUrlsQuery);
  return (
    <Table
      caption="Deliveries"
      columns={deliveryColumns(urls)}
      state={toTableState(deliveries, (page) => page.deliveries)}
      rowKey={({ id }) => id}
      onRetry={() => void deliveries.refetch()}
      empty={{ title: 'It went nowhere', text: 'No endpoint asked for it when it was made.' }}
    />
  );
}

/** @param urls where the endpoints are, by id */
function deliveryColumns(urls: ReadonlyMap<string, string> | undefined): Column<WebhookDelivery>[] {
  return [
    {
      header: 'Endpoint',
      isRowHeader: true,
      cell: ({ id, webhook_endpoint_id: endpoint, replay_id: replay }) => (
        <div className={styles.lines}>
          <Link to={`/webhooks/${endpoint}?delivery=${id}`} className={styles.type}>
            <ForeignText text={urls?.get(endpoint) ?? endpoint} />
          </Link>
          {replay !== null && <span className={styles.soft}>Sent once more by a replay</span>}
        </div>
      ),
    },
    { header: 'State', cell: (delivery) => <DeliveryBadge delivery={delivery} /> },
    { header: 'Last attempt', isText: true, cell: (delivery) => <LastAttempt delivery={delivery} /> },
  ];
}

function LastAttempt({ delivery }: { delivery: WebhookDelivery }) {
  const { attempt, last_status: status, last_error: error, finish_time, first_attempt_time } = delivery;
  const time = finish_time ?? first_attempt_time;
  if (attempt === 0) return 'Not yet';
  return (
    <div className={styles.lines}>
      <span>{describeAttempt({ status, error })}</span>
      {time !== null && (
        <span className={styles.soft}>
          <RelativeTime time={time} />
        </span>
      )}
    </div>
  );
}

function EventGone() {
  return (
    <div className={styles.page}>
      <PageHeading title="There is no such event" />
      <Notice>
        It is not of this environment, or older than events are kept. <Link to="/events">Go to the events</Link>
      </Notice>
    </div>
  );
}
