import type { EntityManager } from 'typeorm';
import type { DeprovisionGuard } from '@rollcall/events';
import { AppError } from '@rollcall/platform';
import { DirectoryCounter, runStatement } from '@rollcall/database';

/** Limits to change; an absent key stays, or is what it is where the guard was off. */
export type GuardPatch = Partial<DeprovisionGuard>;

const WINDOW_SECONDS = 3_600;

/**
 * Merges limits into the deprovision guard of a directory, or switches it off (null); what is held already stays held either
 * way. Throws AppError `deprovision_guard_without_limit`.
 */
export async function setDeprovisionGuard(
  manager: EntityManager,
  directoryId: string,
  patch: GuardPatch | null,
): Promise<void> {
  const { deprovisionGuard: current } = await manager.findOneByOrFail(DirectoryCounter, { directoryId });
  const guard = patch && {
    maxUsers: patch.maxUsers === undefined ? (current?.maxUsers ?? null) : patch.maxUsers,
    maxPercent: patch.maxPercent === undefined ? (current?.maxPercent ?? null) : patch.maxPercent,
    windowSeconds: patch.windowSeconds ?? current?.windowSeconds ?? WINDOW_SECONDS,
  };
  if (guard?.maxUsers === null && guard.maxPercent === null) throw withoutLimit();
  await runStatement(manager, 'UPDATE directory_counters SET deprovision_guard = $2 WHERE directory_id = $1', [
    directoryId,
    guard,
  ]);
}

function withoutLimit(): AppError {
  return new AppError({
    kind: 'refused',
    code: 'deprovision_guard_without_limit',
    message:
      'A deprovision guard needs max_users, max_percent or both. Set deprovision_guard itself to null to switch it off.',
  });
}
