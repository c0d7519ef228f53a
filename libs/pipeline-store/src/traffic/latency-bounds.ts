/**
 * Milliseconds up to which the time from a commit to its first delivery is counted together, shortest first; what took longer than the
 * last is counted behind them. Rows that are stored have their counts in this order: bounds may be added at the end alone.
 */
export const LATENCY_BOUNDS_MS = [
  10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000,
  1_800_000, 7_200_000,
] as const;

/** Which count a latency goes into. */
export function latencyPlace(milliseconds: number): number {
  const place = LATENCY_BOUNDS_MS.findIndex((bound) => milliseconds <= bound);
  return place < 0 ? LATENCY_BOUNDS_MS.length : place;
}

/**
 * The latency, in milliseconds, that a share (0–1) of what was counted did not exceed; within its bounds it is taken as evenly spread.
 * Null when nothing was counted. What took longer than the last bound is told as that bound.
 */
export function latencyAt(share: number, counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [place, count] of counts.entries()) {
    if (count > 0 && below + count >= share * total) {
      const from = LATENCY_BOUNDS_MS[place - 1] ?? 0;
      const to = LATENCY_BOUNDS_MS[place] ?? from;
      return Math.round(from + ((share * total - below) / count) * (to - from));
    }
    below += count;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}
