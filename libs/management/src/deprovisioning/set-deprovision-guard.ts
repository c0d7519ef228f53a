import type { EntityManager } from 'typeorm';
import { changeGuard } from '@rollcall/directory';
import type { GuardPatch } from '@rollcall/directory';
import type { DeprovisionGuard } from '@rollcall/events';
import { DirectoryCounter, runStatement } from '@rollcall/database';

/**
 * Merges limits into the deprovision guard of a directory, or switches it off (null); what is held already stays held either
 * way.
 * Returns the limits before and after. Throws AppError `deprovision_guard_without_limit`.
 */
export async function setDeprovisionGuard(
  manager: EntityManager,
  directoryId: string,
  patch: GuardPatch | null,
): Promise<{ before: DeprovisionGuard | null; after: DeprovisionGuard | null }> {
  const { deprovisionGuard: before } = await manager.findOneByOrFail(DirectoryCounter, { directoryId });
  const after = changeGuard(before, patch);
  await runStatement(manager, 'UPDATE directory_counters SET deprovision_guard = $2 WHERE directory_id = $1', [
    directoryId,
    after,
  ]);
  return { before, after };
}
