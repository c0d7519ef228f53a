import type { ReactNode } from 'react';
import { formatNumber } from '../../shared/format/format-count';
import { RelativeTime } from '../../shared/ui/time';
import { formatLatency, formatShare, namePeriod } from './describe-overview';
import type { Overview } from './overview-query';
import styles from './overview.module.css';

/** The numbers of the period, and of now. */
export function Tiles({ overview }: { overview: Overview }) {
  const { total, period } = overview.traffic;
  const { directories, webhook_endpoints: endpoints, oldest_pending_change: oldest } = overview;
  const within = namePeriod(period);
  return (
    <dl className={styles.tiles}>
      <Tile label="Changes" value={formatNumber(total.changes)} detail={within} />
      <Tile label="Events" value={formatNumber(total.events)} detail={within} />
      <Tile
        label="Delivery success"
        value={formatShare(total.attempts_succeeded, total.attempts_failed)}
        detail={`${formatNumber(total.attempts_failed)} failed attempts`}
      />
      <Tile
        label="Commit to first delivery"
        value={formatLatency(total.latency_p50_ms)}
        detail={`95 of 100 within ${formatLatency(total.latency_p95_ms)}`}
      />
      <Tile
        label="Oldest pending change"
        value={oldest ? <RelativeTime time={oldest.occurred_at} /> : 'None'}
        detail={oldest ? 'waits to be published' : 'everything is published'}
      />
      <Tile
        label="Unhealthy directories"
        value={formatNumber(directories.troubled)}
        detail={`of ${formatNumber(directories.surveyed)}`}
      />
      <Tile
        label="Open circuits"
        value={formatNumber(endpoints.circuit_open.length)}
        detail={`of ${formatNumber(endpoints.total)} endpoints, ${formatNumber(endpoints.disabled)} disabled`}
      />
      <Tile label="Held deprovisionings" value={formatNumber(directories.held_users)} detail="wait for a decision" />
    </dl>
  );
}

function Tile({ label, value, detail }: { label: string; value: ReactNode; detail: string }) {
  return (
    <div className={styles.tile}>
      <dt>{label}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.detail}>{detail}</dd>
    </div>
  );
}
