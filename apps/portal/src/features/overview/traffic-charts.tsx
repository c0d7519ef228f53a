import { formatNumber } from '../../shared/format/format-count';
import { ChartCard } from './chart-card';
import { formatLatency, formatShare, markStep, namePeriod, nameStep } from './describe-overview';
import type { Traffic, TrafficStep } from './overview-query';
import styles from './overview.module.css';

/** What went through in the period, how late it was delivered, and how well. */
export function TrafficCharts({ traffic }: { traffic: Traffic }) {
  const { period, steps: all, total } = traffic;
  const steps = all.map(({ start_time }) => nameStep(start_time, period));
  const ticks = all.map(({ start_time }) => markStep(start_time, period));
  const valuesOf = (pick: (step: TrafficStep) => number | null) => all.map(pick);
  const within = namePeriod(period);
  return (
    <div className={styles.charts}>
      <ChartCard
        title="Traffic"
        summary={`${formatNumber(total.changes)} changes and ${formatNumber(total.events)} events in the ${within}.`}
        steps={steps}
        ticks={ticks}
        format={formatNumber}
        series={[
          { label: 'Changes', mark: 'filled', values: valuesOf(({ changes }) => changes) },
          { label: 'Events', mark: 'dashed', values: valuesOf(({ events }) => events) },
        ]}
      />
      <ChartCard
        title="Commit to first delivery"
        summary={`Half within ${formatLatency(total.latency_p50_ms)}, 95 of 100 within ${formatLatency(total.latency_p95_ms)}.`}
        steps={steps}
        ticks={ticks}
        format={formatLatency}
        series={[
          { label: 'Median', mark: 'line', values: valuesOf(({ latency_p50_ms }) => latency_p50_ms) },
          { label: '95 of 100', mark: 'dashed', values: valuesOf(({ latency_p95_ms }) => latency_p95_ms) },
        ]}
      />
      <ChartCard
        title="Delivery attempts"
        summary={`${formatShare(total.attempts_succeeded, total.attempts_failed)} succeeded, ${formatNumber(total.attempts_failed)} failed.`}
        steps={steps}
        ticks={ticks}
        format={formatNumber}
        series={[
          { label: 'Succeeded', mark: 'filled', values: valuesOf(({ attempts_succeeded }) => attempts_succeeded) },
          { label: 'Failed', mark: 'hatched', values: valuesOf(({ attempts_failed }) => attempts_failed) },
        ]}
      />
    </div>
  );
}
