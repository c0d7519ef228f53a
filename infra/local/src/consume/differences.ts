import { isDeepStrictEqual } from 'node:util';

/** A key whose value is to be another one. */
export interface Difference {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What of the wanted values is not so yet; what the file does not name stays as it is. */
export function findDifferences(wanted: Readonly<Record<string, unknown>>, present: object): Difference[] {
  const now = present as Readonly<Record<string, unknown>>;
  return Object.entries(wanted)
    .filter(([key, value]) => value !== undefined && !isDeepStrictEqual(value, now[key] ?? null))
    .map(([key, to]) => ({ key, from: now[key] ?? null, to }));
}

/** The differing keys with their wanted values. */
export function toPatch(differences: readonly Difference[]): Record<string, unknown> {
  return Object.fromEntries(differences.map(({ key, to }) => [key, to]));
}
