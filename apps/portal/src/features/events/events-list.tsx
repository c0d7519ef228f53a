import { EVENT_TYPES } from '@rollcall/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useFilters } from '../../shared/hooks/use-filters';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { OrganizationName } from '../../shared/management-api/organization-name';
import { FilterBar, FilterSelect, FilterText, FilterTime } from '../../shared/ui/filter-bar';
import { ForeignText } from '../../shared/ui/foreign-text';
import { LogTable } from '../../shared/ui/log-table';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { EVENT_FILTERS, latestEventsQuery, type EventSummary } from './event-queries';
import styles from './events.module.css';

const TYPES = EVENT_TYPES.map((type) => ({ value: type, label: type }));

/** The events of the environment, newest first, filtered by the URL. */
export function EventsList() {
  const { values, isFiltered, change, clear } = useFilters(EVENT_FILTERS);
  const [pageToken] = useSearchParam('page_token');
  const events = useQuery(latestEventsQuery(values, pageToken ?? ''));
  return (
    <>
      <FilterBar isFiltered={isFiltered} onClear={clear}>
        <FilterSelect
          label="Type"
          all="All types"
          value={values.types}
          options={TYPES}
          onChange={(types) => change({ types })}
        />
        <FilterText
          label="Organization ID"
          placeholder="org_…"
          value={values.organization_id}
          onChange={(organization_id) => change({ organization_id })}
        />
        <FilterText
          label="Directory ID"
          placeholder="dir_…"
          value={values.directory_id}
          onChange={(directory_id) => change({ directory_id })}
        />
        <FilterTime label="Since" value={values.from_time} onChange={(from_time) => change({ from_time })} />
        <FilterTime label="Until" value={values.to_time} onChange={(to_time) => change({ to_time })} />
      </FilterBar>
      <LogTable
        caption="Events"
        columns={COLUMNS}
        query={events}
        rowsOf={(page) => page.events}
        rowKey={({ id }) => id}
        empty={
          isFiltered
            ? { title: 'No events match', text: 'None of those that are kept fits all of the filters.' }
            : {
                title: 'No events yet',
                text: 'They appear here as soon as an identity provider sends a user or a group.',
              }
        }
      />
    </>
  );
}

const COLUMNS: readonly Column<EventSummary>[] = [
  {
    header: 'Event',
    isRowHeader: true,
    cell: ({ id, type, name }) => (
      <div className={styles.lines}>
        <Link to={`/events/${id}`} className={styles.type}>
          {type}
        </Link>
        {name !== null && (
          <span className={styles.name}>
            <ForeignText text={name} />
          </span>
        )}
      </div>
    ),
  },
  {
    header: 'Organization',
    isText: true,
    isWideOnly: true,
    cell: ({ organization_id: id }) => (
      <Link to={`/organizations/${id}`}>
        <OrganizationName id={id} />
      </Link>
    ),
  },
  {
    header: 'Sequence',
    align: 'end',
    isWideOnly: true,
    cell: ({ sequence }) => <span className={styles.number}>{sequence}</span>,
  },
  { header: 'When', cell: ({ occurred_at: time }) => <RelativeTime time={time} /> },
];
