import { createMetrics } from '@rollcall/platform';
import type { Metrics } from '@rollcall/platform';

/** What a process has once, however many cells it serves. */
const OF_PROCESS = /^(nodejs_|process_|rollcall_build_info$|rollcall_event_loop_)/;

/** The metrics of a cell's application, every series labelled with `cell`. Those of the process itself are not among them. */
export function createCellMetrics(cell: string): Metrics {
  const metrics = createMetrics('ingress');
  metrics.registry.setDefaultLabels({ process: 'ingress', cell });
  for (const { name } of metrics.registry.getMetricsAsArray()) {
    if (OF_PROCESS.test(name)) metrics.registry.removeSingleMetric(name);
  }
  return metrics;
}
