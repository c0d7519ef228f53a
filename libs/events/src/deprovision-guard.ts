/** How many users of a directory may lose their access within a window before the rest is held; at least one limit is set. */
export interface DeprovisionGuard {
  /** More users than this are held; null: no such limit. */
  maxUsers: number | null;
  /** More than this share of the directory's users, in per cent, is held; null: no such limit. */
  maxPercent: number | null;
  windowSeconds: number;
}

/**
 * Whether so many deprovisioned users are too many.
 * @param count users deprovisioned within the window
 * @param totalUsers the directory's users, those deleted within the window included
 */
export function exceedsGuard({ maxUsers, maxPercent }: DeprovisionGuard, count: number, totalUsers: number): boolean {
  if (maxUsers !== null && count > maxUsers) return true;
  return maxPercent !== null && count * 100 > maxPercent * totalUsers;
}

/** Users who may go in any directory, however small: that many leave on an ordinary day. */
const FEW_USERS = 5;
/** A share of fewer users than this is less than {@link FEW_USERS}. */
const SMALL_DIRECTORY = 25;

/**
 * A guard that ordinary days of a directory of this size do not trip: one fifth of the users, and never more than 50 of
 * them or, of many, 5 %; in one hour. A small directory has only a number: one fifth of five users is every leaver.
 */
export function suggestGuard(totalUsers: number): DeprovisionGuard {
  if (totalUsers < SMALL_DIRECTORY) return { maxUsers: FEW_USERS, maxPercent: null, windowSeconds: 3_600 };
  return { maxUsers: Math.max(50, Math.ceil(totalUsers * 0.05)), maxPercent: 20, windowSeconds: 3_600 };
}
