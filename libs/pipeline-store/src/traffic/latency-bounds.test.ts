import { describe, expect, it } from 'vitest';
import { LATENCY_BOUNDS_MS, latencyAt, latencyPlace } from './latency-bounds';

function countsOf(latencies: readonly number[]): number[] {
  const counts = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);
  for (const latency of latencies) {
    const place = latencyPlace(latency);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

describe('latencies that were counted by bounds', () => {
  it('say nothing when there are none', () => {
    expect(latencyAt(0.5, [])).toBeNull();
    expect(latencyAt(0.95, countsOf([]))).toBeNull();
  });

  it.each([0.5, 0.95])('give a percentile (%d) that lies in the bounds of the true one', (share) => {
    const latencies = Array.from({ length: 1_000 }, (_, n) => (n * 7_919) % 4_000);
    const exact = latencies.toSorted((a, b) => a - b)[Math.ceil(share * 1_000) - 1] ?? 0;
    const place = latencyPlace(exact);
    const told = latencyAt(share, countsOf(latencies)) ?? -1;
    expect(told).toBeGreaterThanOrEqual(LATENCY_BOUNDS_MS[place - 1] ?? 0);
    expect(told).toBeLessThanOrEqual(LATENCY_BOUNDS_MS[place] ?? 0);
  });

  it('tell what took longer than the last bound as that bound', () => {
    expect(latencyAt(0.5, countsOf([100_000_000]))).toBe(LATENCY_BOUNDS_MS.at(-1));
  });

  it('take a latency that is a bound, and one below zero, for one within it', () => {
    expect(latencyPlace(10)).toBe(0);
    expect(latencyPlace(-5)).toBe(0);
    expect(latencyPlace(11)).toBe(1);
  });
});
