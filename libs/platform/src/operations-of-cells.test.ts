import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from './create-metrics';
import { operationsOfCells } from './operations-of-cells';
import type { CellOperations } from './operations-of-cells';
import type { Readiness } from './readiness';
import { serveOperations } from './serve-operations';
import type { OperationsServer } from './serve-operations';

let server: OperationsServer | undefined;
afterEach(() => server?.close());

const OK: Readiness = { status: 'ok', degraded: [] };
const DOWN: Readiness = { status: 'unavailable', degraded: [], failing: 'database' };

function cell(name: string, readiness: Readiness | null): CellOperations {
  const metrics = createMetrics('worker');
  metrics.counter('rollcall_examples_total', 'Examples.', ['kind']).inc({ kind: 'good' }, name.length);
  metrics.histogram('rollcall_example_seconds', 'How long.').observe(0.2);
  if (readiness === null) return { cell: name, operations: null };
  return { cell: name, operations: { readiness: async () => readiness, series: () => metrics.series() } };
}

describe('a process that works for several cells', () => {
  it.each<[Readiness, Readiness | null, Readiness]>([
    [OK, OK, { status: 'ok', degraded: [] }],
    [OK, DOWN, { status: 'ok', degraded: ['cell b'] }],
    [OK, null, { status: 'ok', degraded: ['cell b'] }],
    [DOWN, { status: 'ok', degraded: ['queue'] }, { status: 'ok', degraded: ['cell control', 'queue of cell b'] }],
    [DOWN, null, { status: 'unavailable', degraded: ['cell control', 'cell b'], failing: 'database of cell control' }],
  ])('is ready while it is for one of them: %j, %j', async (control, b, expected) => {
    const cells = [cell('control', control), cell('b', b)];
    expect(await operationsOfCells(() => cells).readiness()).toEqual(expected);
  });

  it('is not without the one that it needs', async () => {
    const cells = [cell('control', DOWN), cell('b', OK)];
    expect(await operationsOfCells(() => cells, { required: 'control' }).readiness()).toEqual({
      status: 'unavailable',
      degraded: ['cell control'],
      failing: 'database of cell control',
    });
    expect(await operationsOfCells(() => cells, { required: 'b' }).readiness()).toMatchObject({ status: 'ok' });
  });

  it('tells every series once, with its cell, and what is of the process without', async () => {
    const cells = [cell('control', OK), cell('b', OK), cell('c', null)];
    server = await serveOperations(
      { host: '127.0.0.1', port: 0 },
      operationsOfCells(() => cells),
    );
    const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const names = lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(names).size).toBe(names.length);
    expect(lines).toContain('rollcall_examples_total{kind="good",process="worker",cell="control"} 7');
    expect(lines).toContain('rollcall_examples_total{kind="good",process="worker",cell="b"} 1');
    expect(lines).toContain('rollcall_example_seconds_count{process="worker",cell="b"} 1');
    expect(names.filter((name) => name.startsWith('process_cpu_seconds_total'))).toEqual([
      'process_cpu_seconds_total{process="worker"}',
    ]);
    const ofProcess = names.filter((name) => /^(process|nodejs|rollcall_build|rollcall_event_loop)_/.test(name));
    expect(ofProcess.filter((name) => name.includes('cell='))).toEqual([]);
  });
});
