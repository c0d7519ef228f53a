import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { formatCount, formatNumber } from '../../shared/format/format-count';
import { useNow } from '../../shared/hooks/use-now';
import { unavailableOf } from '../../shared/api/unavailable-of';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Badge } from '../../shared/ui/badge';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, Notice, StaleNotice } from '../../shared/ui/notice';
import { PartialNotice } from '../../shared/ui/partial-notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { listAttention, namePeriod, PERIOD_LABELS } from './describe-overview';
import { overviewQuery, PERIODS, readPeriod, type Overview as OverviewData, type Period } from './overview-query';
import { Tiles } from './tiles';
import { TrafficCharts } from './traffic-charts';
import styles from './overview.module.css';

/** How the environment fares: what needs attention, the traffic of a period, and how late and how well it was delivered. */
export function Overview() {
  const [text] = useSearchParam('period');
  const period = readPeriod(text);
  const overview = useQuery(overviewQuery(period));
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <PageHeading title="Overview" />
        <PeriodLinks period={period} />
      </header>
      {overview.data === undefined && overview.error !== null && (
        <ErrorNotice error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.data === undefined && overview.error === null && <OverviewOnItsWay />}
      {overview.data !== undefined && (
        <>
          {overview.error !== null && (
            <StaleNotice title="This page could not be refreshed" onRetry={() => void overview.refetch()} />
          )}
          <PartialNotice unavailable={unavailableOf(overview.data)} onRetry={() => void overview.refetch()} />
          <Tiles overview={overview.data} />
          <AttentionCard overview={overview.data} />
          <TrafficCharts traffic={overview.data.traffic} />
        </>
      )}
    </div>
  );
}

function PeriodLinks({ period }: { period: Period }) {
  return (
    <nav className={styles.periods} aria-label="Period">
      {PERIODS.map((one) => (
        <Link
          key={one}
          to={{ search: one === 'day' ? '' : `?period=${one}` }}
          replace
          className={styles.period}
          aria-current={one === period ? 'true' : undefined}
          aria-label={`${PERIOD_LABELS[one]}: the ${namePeriod(one)}`}
        >
          {PERIOD_LABELS[one]}
        </Link>
      ))}
    </nav>
  );
}

function AttentionCard({ overview }: { overview: OverviewData }) {
  const items = listAttention(overview, useNow(15_000));
  const { surveyed, partial, troubled, items: shown } = overview.directories;
  const hidden = troubled - shown.length;
  return (
    <Card title="Needs attention" lead={items.length === 0 ? undefined : 'The worst first.'}>
      {items.length === 0 ? (
        <p className={styles.well}>
          Nothing. {formatCount(surveyed, 'directory', 'directories')} and{' '}
          {formatCount(overview.webhook_endpoints.total, 'webhook endpoint')} are fine.
        </p>
      ) : (
        <ul className={styles.attention}>
          {items.map(({ key, state, tone, subject, owner, text, time, to }) => (
            <li key={key} className={styles.item}>
              <span className={styles.state}>
                <Badge tone={tone} dot>
                  {state}
                </Badge>
              </span>
              <div className={styles.words}>
                <Link to={to} className={styles.subject}>
                  <ForeignText text={subject} />
                </Link>
                {owner !== null && (
                  <span className={styles.owner}>
                    <ForeignText text={owner} />
                  </span>
                )}
                <p className={styles.text}>
                  {text} {time !== null && <RelativeTime time={time} />}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && <p className={styles.more}>And {formatCount(hidden, 'more directory', 'more directories')}.</p>}
      {partial && (
        <Notice title={`Only the newest ${formatNumber(surveyed)} directories were looked at`}>
          How an older one fares is told on its own page.
        </Notice>
      )}
    </Card>
  );
}

function OverviewOnItsWay() {
  return (
    <div className={styles.onItsWay} role="status" aria-label="Loading the overview">
      <Skeleton width={2} />
      <Skeleton width={4} />
      <Skeleton width={3} />
    </div>
  );
}
