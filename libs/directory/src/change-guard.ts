import type { DeprovisionGuard } from '@rollcall/events';
import { AppError } from '@rollcall/platform';

/** Limits to change; an absent key stays, or is what it is where the guard was off. */
export type GuardPatch = Partial<DeprovisionGuard>;

/** Where a guard is switched on without saying otherwise. */
const WINDOW_SECONDS = 3_600;

/**
 * Merges limits into the deprovision guard of a directory.
 * @param current null: it is off
 * @param patch null: switch it off
 * @throws AppError `deprovision_guard_without_limit` when neither limit would be left
 */
export function changeGuard(current: DeprovisionGuard | null, patch: GuardPatch | null): DeprovisionGuard | null {
  if (patch === null) return null;
  const maxUsers = patch.maxUsers === undefined ? (current?.maxUsers ?? null) : patch.maxUsers;
  const maxPercent = patch.maxPercent === undefined ? (current?.maxPercent ?? null) : patch.maxPercent;
  if (maxUsers === null && maxPercent === null) {
    throw new AppError({
      kind: 'refused',
      code: 'deprovision_guard_without_limit',
      message: 'A deprovision guard needs a number of users, a share in percent, or both.',
    });
  }
  return { maxUsers, maxPercent, windowSeconds: patch.windowSeconds ?? current?.windowSeconds ?? WINDOW_SECONDS };
}
