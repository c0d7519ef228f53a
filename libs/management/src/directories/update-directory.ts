import type { DataSource } from 'typeorm';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import type { GuardPatch } from '@rollcall/directory';
import { tenantTransaction } from '@rollcall/database';
import { setDeprovisionGuard } from '../deprovisioning/set-deprovision-guard';
import { lockOrganization } from '../organizations/find-organization';
import { lockDirectory, viewDirectory } from './find-directory';
import type { DirectoryScope, DirectoryView } from './find-directory';
import { writeDirectoryChange } from './write-directory-change';

/** What changes; an absent key stays. */
export interface DirectoryPatch {
  name?: string;
  directoryProvider?: string;
  strict?: boolean;
  /** null: off. */
  deprovisionGuard?: GuardPatch | null;
}

/** Merges a patch into a directory. Throws AppError `directory_not_found`, `deprovision_guard_without_limit`. */
export async function updateDirectory(
  dataSource: DataSource,
  scope: DirectoryScope,
  patch: DirectoryPatch,
): Promise<DirectoryView> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    const directory = await lockDirectory(manager, scope);
    directory.name = patch.name ?? directory.name;
    directory.directoryProvider = patch.directoryProvider ?? directory.directoryProvider;
    directory.strict = patch.strict ?? directory.strict;
    directory.updateTime = new Date();
    await manager.save(directory);
    const { deprovisionGuard } = patch;
    if (deprovisionGuard !== undefined) await setDeprovisionGuard(manager, scope.directoryId, deprovisionGuard);
    return viewDirectory(manager, directory);
  });
}

/**
 * Enables or disables a directory and writes the change row; a directory that is so already stays as it is. Returns whether
 * anything changed. Throws AppError `directory_not_found`, and `feature_disabled` when enabling while the feature is off.
 */
export async function setDirectoryEnabled(
  dataSource: DataSource,
  scope: DirectoryScope,
  enabled: boolean,
): Promise<boolean> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    const organization = await lockOrganization(manager, scope, 'pessimistic_read');
    const directory = await lockDirectory(manager, scope);
    if (enabled) refuseWhileFeatureOff(organization);
    if (directory.enabled === enabled) return false;
    directory.enabled = enabled;
    directory.updateTime = new Date();
    await manager.save(directory);
    await writeDirectoryChange(manager, enabled ? 'enabled' : 'disabled', directory);
    return true;
  });
}
