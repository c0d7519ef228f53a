/** The place of the last value that is there; -1 when there is none. */
export function latestPoint(values: readonly (number | null)[]): number {
  return values.findLastIndex((value) => value !== null);
}
