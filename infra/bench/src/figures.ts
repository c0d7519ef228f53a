/** What several rounds say of one figure. */
export interface Figure {
  /** The median. */
  value: number;
  /** See `spreadOf`; absent when there were too few rounds. */
  spread?: number;
}

/** The median and the spread of the values; undefined of none. */
export function figureOf(values: readonly number[]): Figure | undefined {
  const value = median(values);
  if (value === undefined) return undefined;
  const spread = spreadOf(values);
  return spread === undefined ? { value } : { value, spread };
}

/** The middle one of the values, of an even number the upper one of two; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Fewer say nothing about how far they lie apart. */
const VALUES_OF_A_SPREAD = 3;

/**
 * How far apart the middle half of the values lies, as a share of their median: of five values the second and the fourth, of three
 * the first and the last. Undefined of fewer than three.
 */
export function spreadOf(values: readonly number[]): number | undefined {
  if (values.length < VALUES_OF_A_SPREAD) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const outside = Math.floor(sorted.length / 4);
  const width = Number(sorted[sorted.length - 1 - outside]) - Number(sorted[outside]);
  // Of values that are all 0, as CPU times too short for the clock.
  if (width === 0) return 0;
  return width / Math.abs(Number(median(values)));
}

/** What lies further apart is not told as one figure. */
export const SPREAD_MAX = 0.15;

/** Whether the rounds agree on a figure. */
export function isSettled(spread: number | undefined): boolean {
  return spread !== undefined && spread <= SPREAD_MAX;
}
