import { describe, expect, it } from 'vitest';
import { latencyPlace } from '@rollcall/pipeline-store';
import { countTraffic } from './count-traffic';

const NOON = Date.parse('2026-11-21T12:00:30Z');

describe('what a worker counts', () => {
  it('is one row for each minute and each hour of an environment', () => {
    let now = NOON;
    const traffic = countTraffic(() => now);
    traffic.drained('a', { changes: 3, events: 2 });
    now += 60_000;
    traffic.drained('a', { changes: 1, events: 1 });
    traffic.drained('b', { changes: 0, events: 0 });
    expect(
      traffic.take().map((row) => [row.environmentId, row.resolution, row.startTime.toISOString(), row.changes]),
    ).toEqual([
      ['a', 'minute', '2026-11-21T12:00:00.000Z', 3],
      ['a', 'hour', '2026-11-21T12:00:00.000Z', 4],
      ['a', 'minute', '2026-11-21T12:01:00.000Z', 1],
    ]);
    expect(traffic.take()).toEqual([]);
  });

  it('has the latency of those attempts alone that have one', () => {
    const traffic = countTraffic(() => NOON);
    traffic.attempted('a', { succeeded: true, latencyMs: 40 });
    traffic.attempted('a', { succeeded: false, latencyMs: null });
    const [minute] = traffic.take();
    expect(minute).toMatchObject({ attemptsSucceeded: 1, attemptsFailed: 1 });
    expect(minute?.latencies[latencyPlace(40)]).toBe(1);
    expect(minute?.latencies.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it('is counted on when it could not be stored', () => {
    const traffic = countTraffic(() => NOON);
    traffic.attempted('a', { succeeded: true, latencyMs: 40 });
    const taken = traffic.take();
    traffic.attempted('a', { succeeded: true, latencyMs: 40 });
    traffic.giveBack(taken);
    expect(traffic.take().map((row) => [row.attemptsSucceeded, row.latencies[latencyPlace(40)]])).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('has a bound, however many environments there are', () => {
    const traffic = countTraffic(() => NOON);
    for (let n = 0; n < 20_000; n++) traffic.drained(`e${n}`, { changes: 1, events: 1 });
    expect(traffic.take()).toHaveLength(10_000);
  });
});
