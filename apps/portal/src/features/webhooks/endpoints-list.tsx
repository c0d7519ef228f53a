import type { ReactNode } from 'react';
import type { WebhookEndpoint } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { useNow } from '../../shared/hooks/use-now';
import { Badge } from '../../shared/ui/badge';
import { ForeignText } from '../../shared/ui/foreign-text';
import { PagedTable } from '../../shared/ui/paged-table';
import type { Column } from '../../shared/ui/table';
import { describeHealth, describeOrganizations, describeTypes, formatPending } from './describe-endpoint';
import { endpointsQuery, PAGE_SIZE } from './webhook-queries';
import styles from './webhooks.module.css';

/** The endpoints of the environment with how they fare. `create`: the way to the first one, when the reader may. */
export function EndpointsList({ create }: { create: ReactNode }) {
  const [position, setPosition] = useListPosition();
  const endpoints = useQuery(endpointsQuery(position.pageToken));
  return (
    <PagedTable
      caption="Webhook endpoints"
      columns={columnsAt(useNow(5_000))}
      query={endpoints}
      rowsOf={(page) => page.webhook_endpoints}
      rowKey={({ id }) => id}
      empty={{
        title: 'No webhook endpoints yet',
        text: (
          <>
            <p>An endpoint is an address of your app to which events are sent, signed and in order.</p>
            {create}
          </>
        ),
      }}
      pageSize={PAGE_SIZE}
      position={position}
      onMove={setPosition}
    />
  );
}

function columnsAt(now: Date): Column<WebhookEndpoint>[] {
  return [
    { header: 'Endpoint', isRowHeader: true, cell: (endpoint) => <EndpointCell endpoint={endpoint} /> },
    {
      header: 'Health',
      cell: (endpoint) => {
        const { tone, label } = describeHealth(endpoint, now);
        return (
          <Badge tone={tone} dot>
            {label}
          </Badge>
        );
      },
    },
    {
      header: 'Pending',
      align: 'end',
      isWideOnly: true,
      cell: ({ health }) => formatPending(health.pending_deliveries),
    },
    {
      header: 'Events',
      isWideOnly: true,
      cell: ({ event_types: types, organization_ids: organizations }) => (
        <div className={styles.lines}>
          <span>{describeTypes(types)}</span>
          <span className={styles.soft}>{describeOrganizations(organizations)}</span>
        </div>
      ),
    },
  ];
}

function EndpointCell({ endpoint: { id, url, description } }: { endpoint: WebhookEndpoint }) {
  return (
    <div className={styles.lines}>
      <Link to={`/webhooks/${id}`} className={styles.name}>
        <ForeignText text={url} />
      </Link>
      {description !== '' && (
        <span className={styles.soft}>
          <ForeignText text={description} />
        </span>
      )}
    </div>
  );
}
