import { readNow } from '@rollcall/database';
import { changeDirectory, refuseWhileFeatureOff } from '@rollcall/directory';
import type { GuardPatch, SettingsPatch } from '@rollcall/directory';
import { directoryTarget } from '../audit/audit-target';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Recorded, Writer } from '../audit/record-change';
import { setDeprovisionGuard } from '../deprovisioning/set-deprovision-guard';
import { lockOrganization } from '../organizations/find-organization';
import type { Waking } from '../wake/to-wake';
import { directoryFields } from './directory-fields';
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
  writer: Writer,
  scope: DirectoryScope,
  patch: DirectoryPatch,
): Promise<DirectoryView> {
  return recordChange(writer, scope, async (manager) => {
    const directory = await lockDirectory(manager, scope);
    const before = structuredClone(directory);
    Object.assign(directory, changeDirectory(directory, patch), { updateTime: new Date() });
    await manager.save(directory);
    const { deprovisionGuard } = patch;
    const guards =
      deprovisionGuard === undefined
        ? { before: null, after: null }
        : await setDeprovisionGuard(manager, scope.directoryId, deprovisionGuard);
    const changes = findChanges(directoryFields(before, guards.before), directoryFields(directory, guards.after));
    const { organizationId } = scope;
    return {
      answer: await viewDirectory(manager, directory),
      entries: isChanged(changes)
        ? [{ action: 'directory.updated', target: directoryTarget(directory), organizationId, changes }]
        : [],
    };
  });
}

/**
 * Enables or disables a directory and writes the change row; a directory that is so already stays as it is. Throws AppError `directory_not_found`, and `feature_disabled` when enabling while the feature is off.
 */
export async function setDirectoryEnabled(
  writer: Writer,
  scope: DirectoryScope,
  enabled: boolean,
): Promise<Waking<void>> {
  return recordChange(writer, scope, async (manager): Promise<Recorded<Waking<void>>> => {
    const organization = await lockOrganization(manager, scope, 'pessimistic_read');
    const directory = await lockDirectory(manager, scope);
    if (enabled) refuseWhileFeatureOff(organization);
    if (directory.enabled === enabled) return { answer: { result: undefined, wake: {} }, entries: [] };
    directory.enabled = enabled;
    directory.updateTime = new Date();
    directory.enabledChangedTime = await readNow(manager);
    await manager.save(directory);
    await writeDirectoryChange(manager, enabled ? 'enabled' : 'disabled', directory);
    return {
      answer: { result: undefined, wake: { directoryIds: [scope.directoryId] } },
      entries: [
        {
          action: enabled ? 'directory.enabled' : 'directory.disabled',
          target: directoryTarget(directory),
          organizationId: scope.organizationId,
          changes: { enabled: { from: !enabled, to: enabled } },
        },
      ],
    };
  });
}
