import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMetrics } from './create-metrics';
import type { Readiness } from './readiness';
import { serveOperations } from './serve-operations';
import type { OperationsServer } from './serve-operations';

const metrics = createMetrics('example');
metrics.counter('rollcall_examples_total', 'Examples.', ['kind']).inc({ kind: 'good' }, 3);
let readiness: Readiness = { status: 'ok', degraded: ['queue'] };
let server: OperationsServer;

beforeAll(async () => {
  server = await serveOperations(
    { host: '127.0.0.1', port: 0 },
    { readiness: async () => readiness, series: () => metrics.series() },
  );
});

afterAll(() => server.close());

const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });

it('says whether the process lives and whether it can serve', async () => {
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
  const ready = await get('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', degraded: ['queue'] }]);
  readiness = { status: 'unavailable', degraded: [], failing: 'database' };
  const failing = await get('/readyz');
  expect([failing.status, await failing.json()]).toEqual([503, readiness]);
});

it('serves the metrics as Prometheus reads them, labelled with the process', async () => {
  const answer = await get('/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await answer.text();
  expect(text).toContain('# TYPE rollcall_examples_total counter');
  expect(text).toContain('rollcall_examples_total{kind="good",process="example"} 3');
  expect(text).toContain('process_cpu_seconds_total{process="example"}');
});

it('serves nothing else, and takes nothing', async () => {
  expect((await get('/')).status).toBe(404);
  expect((await get('/metrics', 'POST')).status).toBe(405);
  expect(await (await get('/healthz', 'HEAD')).text()).toBe('');
});
