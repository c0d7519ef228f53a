import type { WebhookDelivery } from '@rollcall/sdk';
import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import { useQuery } from '@tanstack/react-query';
import { describeAttempt } from '../../shared/format/delivery-state';
import { useFilters } from '../../shared/hooks/use-filters';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { DeliveryBadge } from '../../shared/ui/delivery-badge';
import { FilterBar, FilterSelect, FilterText } from '../../shared/ui/filter-bar';
import { PagedTable } from '../../shared/ui/paged-table';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { deliveriesQuery, DELIVERY_FILTERS, PAGE_SIZE } from './webhook-queries';
import styles from './webhooks.module.css';

const STATES = [
  { value: 'pending', label: 'Pending' },
  { value: 'succeeded', label: 'Delivered' },
  { value: 'failed', label: 'Failed' },
  { value: 'canceled', label: 'Canceled' },
];

const TYPES = [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES].map((type) => ({ value: type, label: type }));

interface DeliveriesListProps {
  endpointId: string;
  onOpen: (deliveryId: string) => void;
}

/** What went to an endpoint and what waits for it, filtered and paged by the URL. */
export function DeliveriesList({ endpointId, onOpen }: DeliveriesListProps) {
  const [position, setPosition] = useListPosition();
  const { values, isFiltered, change, clear } = useFilters(DELIVERY_FILTERS);
  const deliveries = useQuery(deliveriesQuery(endpointId, values, position.pageToken));
  return (
    <div>
      <FilterBar isFiltered={isFiltered} onClear={clear}>
        <FilterSelect
          label="State"
          all="All states"
          value={values.state}
          options={STATES}
          onChange={(state) => change({ state })}
        />
        <FilterSelect
          label="Event type"
          all="All types"
          value={values.event_type}
          options={TYPES}
          onChange={(event_type) => change({ event_type })}
        />
        <FilterText
          label="Organization ID"
          placeholder="org_…"
          value={values.organization_id}
          onChange={(organization_id) => change({ organization_id })}
        />
        <FilterText
          label="Event ID"
          placeholder="evt_…"
          value={values.event_id}
          onChange={(event_id) => change({ event_id })}
        />
      </FilterBar>
      <PagedTable
        caption="Deliveries"
        columns={deliveryColumns(onOpen)}
        query={deliveries}
        rowsOf={(page) => page.deliveries}
        rowKey={({ id }) => id}
        empty={
          isFiltered
            ? { title: 'No deliveries match', text: 'None of those that are kept fits all of the filters.' }
            : {
                title: 'No deliveries yet',
                text: 'They appear here as soon as there are events. Send a test event to try it.',
              }
        }
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
    </div>
  );
}

function deliveryColumns(onOpen: (deliveryId: string) => void): Column<WebhookDelivery>[] {
  return [
    {
      header: 'Event',
      isRowHeader: true,
      cell: (delivery) => (
        <div className={styles.lines}>
          <button type="button" className={styles.open} onClick={() => onOpen(delivery.id)}>
            {delivery.event_type}
          </button>
          <span className={styles.soft}>
            {delivery.test && 'Test · '}
            {delivery.replay_id !== null && 'Replay · '}
            <code>{delivery.event_id}</code>
          </span>
          <span className={styles.narrow}>
            <DeliveryBadge delivery={delivery} />
          </span>
        </div>
      ),
    },
    { header: 'State', isWideOnly: true, cell: (delivery) => <DeliveryBadge delivery={delivery} /> },
    {
      header: 'Last answer',
      isText: true,
      isWideOnly: true,
      cell: (delivery) =>
        delivery.attempt === 0 ? '–' : describeAttempt({ status: delivery.last_status, error: delivery.last_error }),
    },
    { header: 'Attempts', align: 'end', isWideOnly: true, cell: ({ attempt }) => attempt },
    { header: 'When', cell: (delivery) => <DeliveryTime delivery={delivery} /> },
  ];
}

function DeliveryTime({ delivery }: { delivery: WebhookDelivery }) {
  const { state, next_attempt_time: next, finish_time: finished, first_attempt_time: first } = delivery;
  if (state === 'pending' && next !== null) {
    return (
      <>
        due <RelativeTime time={next} />
      </>
    );
  }
  const time = finished ?? first;
  return time === null ? '–' : <RelativeTime time={time} />;
}
