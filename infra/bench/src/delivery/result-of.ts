import type { LoadResult } from '../load/drive-load';

/** The result of a work that is measured as a whole, which began at `start`. */
export function resultOf(requests: number, start: number): LoadResult {
  return { requests, seconds: (performance.now() - start) / 1_000, latencies: new Float64Array() };
}
