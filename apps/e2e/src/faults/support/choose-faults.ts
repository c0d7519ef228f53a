/** `npm run test:faults` says how many events each fault gets, and means every fault in every variant. */
export const THOROUGH = Boolean(process.env.FAULT_EVENTS);

/** Events of each fault. */
export const EVENTS = Number(process.env.FAULT_EVENTS || 90);

/** The variants that a fault is tried in: all of them, or in `npm test` the one whose turn it is. */
export function inTurn<T>(variants: readonly T[], turn: number): readonly T[] {
  const next = turn % variants.length;
  return THOROUGH ? variants : variants.slice(next, next + 1);
}
