import type { ScimRequest } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link } from 'react-router';
import type { RequestFilter, RequestLog } from '../../shared/api/request-log';
import { requestsQuery } from '../../shared/api/request-log-queries';
import { PortalError } from '../../shared/api/portal-error';
import { formatCount } from '../../shared/format/format-count';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Notice } from '../../shared/ui/notice';
import { SearchField } from '../../shared/ui/search-field';
import { Table, type Column, type EmptyText } from '../../shared/ui/table';
import { toTableState } from '../../shared/ui/table-state';
import { RelativeTime } from '../../shared/ui/time';
import { describeAsked, describeOutcome } from './describe-request';
import { FilterSelect } from './filter-select';
import { isFiltered, METHODS, OUTCOMES, STATUSES } from './request-position';
import { useRequestPosition } from './use-request-position';
import styles from './requests.module.css';

/** What the identity provider asked of a directory, newest first, filtered and paged by the URL. */
export function RequestList({ log, provider }: { log: RequestLog; provider: string }) {
  const [{ filter, pageToken }, move] = useRequestPosition();
  const requests = useQuery(requestsQuery(log, filter, pageToken));
  const frame = useRef<HTMLElement>(null);
  const isTokenRefused = pageToken !== '' && requests.error instanceof PortalError && requests.error.status === 400;
  const turn = (token: string) => {
    move({ pageToken: token });
    frame.current?.scrollIntoView({ block: 'start' });
  };
  const next = requests.data?.next_page_token ?? '';
  const state = toTableState(requests, (page) => page.requests);
  return (
    <>
      <Filters filter={filter} onFilter={(changed) => move({ filter: changed })} />
      {requests.data && <Missed requests={requests.data.requests} />}
      <Table
        ref={frame}
        caption="Requests"
        columns={columnsOf(log)}
        state={isTokenRefused ? { kind: 'ready', rows: [], isRefreshing: false, refreshError: null } : state}
        rowKey={(request) => request.id}
        onRetry={() => void requests.refetch()}
        empty={emptyText({ filter, pageToken, next, provider, move })}
        footer={
          requests.data && (
            <Pages isFirst={pageToken === ''} rows={requests.data.requests.length} next={next} onTurn={turn} />
          )
        }
      />
    </>
  );
}

const NO_FILTER: RequestFilter = { outcome: '', method: '', status: '', user: '', resource: '' };

function Filters({ filter, onFilter }: { filter: RequestFilter; onFilter: (changed: Partial<RequestFilter>) => void }) {
  return (
    <div className={styles.filters}>
      <SearchField
        label="User name that requests are about"
        placeholder="Exact user name"
        value={filter.user}
        onSearch={(user) => onFilter({ user })}
      />
      <FilterSelect
        label="Outcome"
        value={filter.outcome}
        choices={OUTCOMES.map((value) => ({ value, label: describeOutcome(value).label }))}
        onChange={(outcome) => onFilter({ outcome })}
      />
      <FilterSelect
        label="Method"
        value={filter.method}
        choices={METHODS.map((value) => ({ value, label: value }))}
        onChange={(method) => onFilter({ method })}
      />
      <FilterSelect
        label="Status"
        value={filter.status}
        choices={STATUSES.map((value) => ({ value, label: value }))}
        onChange={(status) => onFilter({ status })}
      />
      {isFiltered(filter) && (
        <Button tone="quiet" onClick={() => onFilter(NO_FILTER)}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

/** A flood of requests is not all in the log: then it says so, rather than show a gap. */
function Missed({ requests }: { requests: readonly ScimRequest[] }) {
  const missed = requests.reduce((sum, { not_recorded }) => sum + not_recorded, 0);
  if (missed === 0) return null;
  return (
    <div className={styles.notice}>
      <Notice
        tone="waiting"
        title={`${formatCount(missed, 'request')} of this page’s time ${missed === 1 ? 'is' : 'are'} not shown`}
      >
        So many came that the log does not have them all. Those over the limit were refused, and the others answered as
        ever.
      </Notice>
    </div>
  );
}

interface EmptyOptions {
  filter: RequestFilter;
  pageToken: string;
  next: string;
  provider: string;
  move: (next: { filter?: RequestFilter; pageToken?: string }) => void;
}

function emptyText({ filter, pageToken, next, provider, move }: EmptyOptions): EmptyText {
  if (next !== '') {
    return {
      title: 'Nothing found so far',
      text: <Button onClick={() => move({ pageToken: next })}>Look further back</Button>,
    };
  }
  if (pageToken !== '') {
    return { title: 'There is nothing older', text: <Button onClick={() => move({})}>Go to the newest</Button> };
  }
  if (isFiltered(filter)) {
    return {
      title: 'No requests match',
      text: <Button onClick={() => move({ filter: NO_FILTER })}>Clear filters</Button>,
    };
  }
  return {
    title: 'No requests yet',
    text: `Each request of ${provider} appears here a second after it came, and stays for 30 days.`,
  };
}

function columnsOf(log: RequestLog): Column<ScimRequest>[] {
  return [
    {
      header: 'Request',
      isRowHeader: true,
      cell: (request) => (
        <div className={styles.asked}>
          <Link className={styles.link} to={log.links.request(request.id)}>
            {describeAsked(request)}
          </Link>
          <span className={styles.detail}>
            <ForeignText text={request.detail ?? `${request.method} ${request.path}`} />
          </span>
          <span className={styles.narrow}>
            <RelativeTime time={request.occurred_at} />
          </span>
        </div>
      ),
    },
    { header: 'Outcome', cell: (request) => <OutcomeBadge outcome={request.outcome} /> },
    { header: 'Status', isWideOnly: true, cell: (request) => <StatusCode request={request} /> },
    {
      header: 'Took',
      isWideOnly: true,
      align: 'end',
      cell: (request) => <span className={styles.number}>{`${Math.round(request.duration_ms)} ms`}</span>,
    },
    { header: 'When', isWideOnly: true, cell: (request) => <RelativeTime time={request.occurred_at} /> },
  ];
}

function OutcomeBadge({ outcome }: { outcome: ScimRequest['outcome'] }) {
  const { tone, label } = describeOutcome(outcome);
  return <Badge tone={tone}>{label}</Badge>;
}

function StatusCode({ request: { status, scim_type } }: { request: ScimRequest }) {
  return (
    <code>
      {status}
      {scim_type !== null && ` ${scim_type}`}
    </code>
  );
}

interface PagesProps {
  isFirst: boolean;
  rows: number;
  next: string;
  onTurn: (token: string) => void;
}

/** The log goes one way, from the newest; the browser's back button leads to newer pages. */
function Pages({ isFirst, rows, next, onTurn }: PagesProps) {
  return (
    <nav className={styles.pages} aria-label="Pages of requests">
      <span data-testid="list-range">{formatCount(rows, 'request')} on this page</span>
      <div className={styles.steps}>
        <Button unavailable={isFirst} onClick={() => onTurn('')}>
          Newest
        </Button>
        <Button unavailable={next === ''} onClick={() => onTurn(next)}>
          Older
        </Button>
      </div>
    </nav>
  );
}
