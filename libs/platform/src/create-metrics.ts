import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { readVersion } from './read-version';

/** A metric with its values, as it is passed from process to process. */
export type Series = MetricObjectWithValues<MetricValue<string>>;

/** The metrics of one process, served at `GET /metrics` of its operations port. */
export interface Metrics {
  readonly registry: Registry;
  /**
   * Names start with `rollcall_` and end with `_total`. Labels have few values: never an id, a URL or a person. `collect` is called at
   * each scrape, for what is counted elsewhere.
   */
  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames?: readonly L[],
    collect?: (counter: Counter<L>) => void,
  ): Counter<L>;
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
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const registers = [registry];
  const metrics: Metrics = {
    registry,
    counter: (name, help, labelNames = [], collect) =>
      new Counter({
        name,
        help,
        labelNames: [...labelNames],
        registers,
        ...collecting(collect),
      }),
    gauge: (name, help, labelNames = [], collect) =>
      new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers,
        ...collecting(collect),
      }),
    histogram: (name, help, labelNames = [], buckets = LATENCY_BUCKETS) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers }),
    series: () => registry.getMetricsAsJSON(),
  };
  measureEventLoop(metrics);
  tellBuild(metrics);
  return metrics;
}

/** Prometheus' client calls `collect` as a method of the metric. */
function collecting<M>(collect: ((metric: M) => void | Promise<void>) | undefined) {
  return (
    collect && {
      collect(this: M) {
        return collect(this);
      },
    }
  );
}

/** Gauges with the ending of counters; the same by kind have none. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

function tellBuild(metrics: Metrics): void {
  const help = 'Which version runs, on which Node.js; always 1.';
  const labels = { version: readVersion(), node_version: globalThis.process.version };
  metrics.gauge('rollcall_build_info', help, ['version', 'node_version'], (gauge) => gauge.set(labels, 1));
}

/** How often the event loop's delay is looked at, in milliseconds; it is done outside of the loop. */
const LAG_RESOLUTION_MS = 10;

/** How late the event loop came since the last scrape, the worst moment included: work that holds it up keeps everybody waiting. */
function measureEventLoop(metrics: Metrics): void {
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  const help = 'How late the event loop came since the last scrape: half of the time, in all but 1 % of it, at worst.';
  metrics.gauge('rollcall_event_loop_lag_seconds', help, ['stat'], (gauge) => {
    for (const [stat, percentile] of Object.entries({ median: 50, p99: 99, max: 100 })) {
      const seconds = delay.percentile(percentile) / 1e9 - LAG_RESOLUTION_MS / 1_000;
      gauge.set({ stat }, Math.max(0, seconds));
    }
    delay.reset();
  });
}
