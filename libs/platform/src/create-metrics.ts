import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** A metric with its values, as it is passed from process to process. */
export type Series = MetricObjectWithValues<MetricValue<string>>;

/** The metrics of one process, served at `GET /metrics` of its operations port. */
export interface Metrics {
  readonly registry: Registry;
  /** Names start with `rollcall_` and end with `_total`. Labels have few values: never an id, a URL or a person. */
  counter<L extends string = never>(name: string, help: string, labelNames?: readonly L[]): Counter<L>;
  /** `collect` is called at each scrape to set the value. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labelNames?: readonly L[],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>;
  /** Seconds unless the name says otherwise; default buckets 1 ms … 30 s. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
  series(): Promise<Series[]>;
}

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

/** A registry of its own (nothing global) with Node.js's default metrics, every series labelled with `process`. */
export function createMetrics(process: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const metrics: Metrics = {
    registry,
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames: [...labelNames], registers }),
    gauge: (name, help, labelNames = [], collect) =>
      new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers,
        ...(collect && {
          collect() {
            return collect(this);
          },
        }),
      }),
    histogram: (name, help, labelNames = [], buckets = LATENCY_BUCKETS) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers }),
    series: () => registry.getMetricsAsJSON(),
  };
  measureEventLoop(metrics);
  return metrics;
}

/** How often the event loop's delay is looked at, in milliseconds; it is done outside of the loop. */
const LAG_RESOLUTION_MS = 10;

/** How late the event loop came since the last scrape, the worst moment included: work that holds it up keeps everybody waiting. */
function measureEventLoop(metrics: Metrics): void {
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  const help = 'How late the event loop came since the last scrape; quantile 1 is the longest.';
  metrics.gauge('rollcall_event_loop_lag_seconds', help, ['quantile'], (gauge) => {
    for (const quantile of [0.5, 0.99, 1]) {
      const seconds = delay.percentile(quantile * 100) / 1e9 - LAG_RESOLUTION_MS / 1_000;
      gauge.set({ quantile: String(quantile) }, Math.max(0, seconds));
    }
    delay.reset();
  });
}
