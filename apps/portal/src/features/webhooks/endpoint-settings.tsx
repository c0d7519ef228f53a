import type { ReactNode } from 'react';
import type { WebhookEndpoint } from '@rollcall/sdk';
import { Link } from 'react-router';
import { formatDateTime } from '../../shared/format/format-time';
import { OrganizationName } from '../../shared/management-api/organization-name';
import { Card } from '../../shared/ui/card';
import { Facts } from '../../shared/ui/facts';
import { RelativeTime } from '../../shared/ui/time';
import styles from './webhooks.module.css';

const ORDERINGS: Record<WebhookEndpoint['ordering'], string> = {
  resource: 'Per user and group',
  fifo: 'Strictly, per directory',
  none: 'As they come',
};

const DIALECTS: Record<NonNullable<WebhookEndpoint['dialect']>, string> = { scalekit: 'Scalekit', workos: 'WorkOS' };

/** In whose form it gets events, and what it learns of a deactivation. */
function describeForm({ dialect, deactivation }: WebhookEndpoint): string {
  if (dialect === null) return 'As they are';
  return `${DIALECTS[dialect]}; deactivated users as ${deactivation === 'update' ? 'changed' : 'deleted'}`;
}

/** How an endpoint is set up, and which secrets sign for it. */
export function EndpointSettings({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { event_types: types, organization_ids: organizations, secrets } = endpoint;
  return (
    <div className={styles.settings}>
      <Card title="What it gets">
        <Facts
          title="Filters"
          facts={[
            {
              label: 'Events',
              value: types.length === 0 ? 'All directory events' : <List items={types.map((type) => [type, type])} />,
            },
            {
              label: 'Organizations',
              value:
                organizations.length === 0 ? (
                  'All'
                ) : (
                  <List
                    items={organizations.map((id) => [
                      id,
                      <Link key={id} to={`/organizations/${id}`}>
                        <OrganizationName id={id} />
                      </Link>,
                    ])}
                  />
                ),
            },
            { label: 'Order', value: ORDERINGS[endpoint.ordering] },
            { label: 'Attempts per second', value: endpoint.rate_limit === null ? 'Any' : String(endpoint.rate_limit) },
            { label: 'Form of events', value: describeForm(endpoint) },
            { label: 'ID', value: <code>{endpoint.id}</code> },
            { label: 'Created', value: formatDateTime(endpoint.create_time) },
            {
              label: 'History',
              value: <Link to={`/audit-log?target_id=${endpoint.id}`}>What was done to it</Link>,
            },
          ]}
        />
      </Card>
      <Card title="Signing secrets" lead="Events are signed with each of them, so that your app may have either.">
        <Facts
          title="They sign now"
          facts={secrets.map(({ create_time: made, expire_time: ends }, place) => ({
            label: place === 0 ? 'Current' : 'Earlier',
            value: (
              <>
                made <RelativeTime time={made} />
                {ends !== null && (
                  <>
                    , ends <RelativeTime time={ends} />
                  </>
                )}
              </>
            ),
          }))}
        />
      </Card>
    </div>
  );
}

function List({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <ul>
      {items.map(([key, item]) => (
        <li key={key}>{item}</li>
      ))}
    </ul>
  );
}
