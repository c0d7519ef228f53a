import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ScimRequest } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { linksOf } from '../../shared/api/directory-links';
import { requestsQuery } from '../../shared/api/request-log-queries';
import { formatMilliseconds } from '../../shared/format/format-count';
import { useFilters } from '../../shared/hooks/use-filters';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Badge } from '../../shared/ui/badge';
import { ForeignText } from '../../shared/ui/foreign-text';
import { LogTable } from '../../shared/ui/log-table';
import { Notice } from '../../shared/ui/notice';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { describeAsked, describeOutcome } from './describe-request';
import { isNarrowed, readRequestFilter, REQUEST_FILTERS } from './request-filter';
import { RequestFilters } from './request-filters';
import styles from './requests.module.css';

/** What the identity provider asked of a directory, newest first, filtered and paged by the URL. */
export function RequestList({ directoryId, provider }: { directoryId: string; provider: string }) {
  const { values, change, clear } = useFilters(REQUEST_FILTERS);
  const filter = readRequestFilter(values);
  const [pageToken] = useSearchParam('page_token');
  const requests = useQuery(requestsQuery(directoryId, filter, pageToken ?? ''));
  return (
    <>
      <RequestFilters filter={filter} change={change} clear={clear} />
      {requests.data && <Missed requests={requests.data.requests} />}
      <LogTable
        caption={t`Requests`}
        columns={columnsOf(directoryId)}
        query={requests}
        rowsOf={(page) => page.requests}
        rowKey={({ id }) => id}
        empty={
          isNarrowed(filter)
            ? { title: t`No requests match`, text: t`None of those that are kept fits all of the filters.` }
            : {
                title: t`No requests yet`,
                text: t`Each request of ${provider} appears here a second after it came, and stays for 30 days.`,
              }
        }
      />
    </>
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
        title={plural(
          { count: missed },
          {
            one: '# request of this page’s time is not shown',
            other: '# requests of this page’s time are not shown',
          },
        )}
      >
        <Trans>
          So many came that the log does not have them all. Those over the limit were refused, and the others answered
          as ever.
        </Trans>
      </Notice>
    </div>
  );
}

function columnsOf(directoryId: string): Column<ScimRequest>[] {
  return [
    {
      header: t`Request`,
      isRowHeader: true,
      cell: (request) => (
        <div className={styles.asked}>
          <Link className={styles.link} to={linksOf(directoryId).request(request.id)}>
            {describeAsked(request)}
          </Link>
          <span className={styles.detail} lang={request.detail === null ? undefined : 'en'}>
            <ForeignText text={request.detail ?? `${request.method} ${request.path}`} />
          </span>
          <span className={styles.narrow}>
            <RelativeTime time={request.occurred_at} />
          </span>
        </div>
      ),
    },
    { header: t`Outcome`, cell: (request) => <OutcomeBadge outcome={request.outcome} /> },
    {
      header: t({ message: 'Status', context: 'request' }),
      isWideOnly: true,
      cell: (request) => <StatusCode request={request} />,
    },
    {
      header: t`Took`,
      isWideOnly: true,
      align: 'end',
      cell: (request) => <span className={styles.number}>{formatMilliseconds(request.duration_ms)}</span>,
    },
    {
      header: t({ message: 'When', context: 'request' }),
      isWideOnly: true,
      cell: (request) => <RelativeTime time={request.occurred_at} />,
    },
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
