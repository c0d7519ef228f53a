import type { EntityManager } from 'typeorm';
import { changeGuard } from '@rollcall/directory';
import type { GuardPatch } from '@rollcall/directory';
import { DirectoryCounter, runStatement } from '@rollcall/database';

/**
 * Merges limits into the deprovision guard of a directory, or switches it off (null); what is held already stays held either
 * way. Throws AppError `deprovision_guard_without_limit`.
 */
export async function setDeprovisionGuard(
  manager: EntityManager,
  directoryId: string,
  patch: GuardPatch | null,
): Promise<void> {
  const { deprovisionGuard } = await manager.findOneByOrFail(DirectoryCounter, { directoryId });
  await runStatement(manager, 'UPDATE directory_counters SET deprovision_guard = $2 WHERE directory_id = $1', [
    directoryId,
    changeGuard(deprovisionGuard, patch),
  ]);
}
