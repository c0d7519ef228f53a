import { AggregatorRegistry } from 'prom-client';
import { expect, it } from 'vitest';
import { createMetrics } from './create-metrics';

it('renders counters, gauges and histograms labelled with the process', async () => {
  const metrics = createMetrics('ingress');
  metrics.counter('rollcall_requests_total', 'Requests.', ['status']).inc({ status: '200' }, 2);
  metrics.gauge('rollcall_pending', 'Pending.', [], (gauge) => gauge.set(7));
  metrics.histogram('rollcall_request_seconds', 'Seconds.').observe(0.02);
  const body = await AggregatorRegistry.aggregate([await metrics.series()]).metrics();
  expect(body).toContain('rollcall_requests_total{status="200",process="ingress"} 2');
  expect(body).toContain('rollcall_pending{process="ingress"} 7');
  expect(body).toContain('rollcall_request_seconds_bucket{le="0.025",process="ingress"} 1');
  expect(body).toContain('process_cpu_seconds_total');
});

it('keeps two registries of one process apart', async () => {
  createMetrics('a').counter('rollcall_x_total', 'X.').inc();
  const series = await createMetrics('b').series();
  expect(series.map(({ name }) => name)).not.toContain('rollcall_x_total');
});

it('tells how late the event loop came, at worst, since it was asked last', async () => {
  const metrics = createMetrics('ingress');
  const pause = () => new Promise((resolve) => void setTimeout(resolve, 50));
  await pause();
  await metrics.series();
  await pause();
  const until = performance.now() + 300;
  while (performance.now() < until);
  await pause();
  const lag = (await metrics.series()).find(({ name }) => name === 'rollcall_event_loop_lag_seconds');
  expect(lag?.values.find(({ labels }) => labels['stat'] === 'max')?.value).toBeGreaterThan(0.2);
});

it('tells which version runs, and has no gauge that is named as a counter', async () => {
  const series = await createMetrics('ingress').series();
  const build = series.find(({ name }) => name === 'rollcall_build_info');
  expect(build?.values).toMatchObject([
    { value: 1, labels: { version: expect.stringMatching(/^\d+\.\d+\.\d+/), node_version: process.version } },
  ]);
  // The library knows kinds by their name while it has them, and by their number when they are passed on.
  const gauges = series.filter(({ type }) => String(type) === 'gauge');
  expect(gauges.length).toBeGreaterThan(10);
  expect(gauges.filter(({ name }) => name.endsWith('_total'))).toEqual([]);
});
