import type { DataSource } from 'typeorm';
import { changeDirectory, refuseWhileFeatureOff } from '@rollcall/directory';
import type { GuardPatch, SettingsPatch } from '@rollcall/directory';
import { tenantTransaction } from '@rollcall/database';
import { setDeprovisionGuard } from '../deprovisioning/set-deprovision-guard';
import { lockOrganization } from '../organizations/find-organization';
import type { Waking } from '../wake/to-wake';
import { lockDirectory, viewDirectory } from './find-directory';
import type { DirectoryScope, DirectoryView } from './find-directory';
import { writeDirectoryChange } from './write-directory-change';

/** What changes; an absent key stays, null sets the default. */
export interface DirectoryPatch extends SettingsPatch {
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
    Object.assign(directory, changeDirectory(directory, patch), { updateTime: new Date() });
    await manager.save(directory);
    const { deprovisionGuard } = patch;
    if (deprovisionGuard !== undefined) await setDeprovisionGuard(manager, scope.directoryId, deprovisionGuard);
    return viewDirectory(manager, directory);
  });
}

/**
 * Enables or disables a directory and writes the change row; a directory that is so already stays as it is. Throws AppError `directory_not_found`, and `feature_disabled` when enabling while the feature is off.
 */
export async function setDirectoryEnabled(
  dataSource: DataSource,
  scope: DirectoryScope,
  enabled: boolean,
): Promise<Waking<void>> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    const organization = await lockOrganization(manager, scope, 'pessimistic_read');
    const directory = await lockDirectory(manager, scope);
    if (enabled) refuseWhileFeatureOff(organization);
    if (directory.enabled === enabled) return { result: undefined, wake: {} };
    directory.enabled = enabled;
    directory.updateTime = new Date();
    await manager.save(directory);
    await writeDirectoryChange(manager, enabled ? 'enabled' : 'disabled', directory);
    return { result: undefined, wake: { directoryIds: [scope.directoryId] } };
  });
}
