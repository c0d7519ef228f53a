import type { EntityManager } from 'typeorm';
import { providerName } from '@rollcall/contract';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import { Directory, DirectoryCounter } from '@rollcall/database';
import { directoryTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Recorded, Writer } from '../audit/record-change';
import { keepImportedIds } from '../imports/keep-imported-ids';
import { lockOrganization } from '../organizations/find-organization';
import type { Waking } from '../wake/to-wake';
import { directoryFields } from './directory-fields';
import { viewDirectory } from './find-directory';
import type { DirectoryView, OrganizationScope } from './find-directory';
import { writeDirectoryChange } from './write-directory-change';

export interface NewDirectory {
  id: string;
  /** Absent: the name of its provider. */
  name?: string;
  directoryType: string;
  directoryProvider: string;
  /** Absent: it is. */
  enabled?: boolean;
  /** Its ids at services that it was imported from. */
  externalIds?: Record<string, string>;
}

/**
 * Makes a directory, without a secret, with its counter and its change row in one transaction.
 * Throws AppError `organization_not_found`, `feature_disabled`.
 */
export async function createDirectory(
  writer: Writer,
  scope: OrganizationScope,
  directory: NewDirectory,
): Promise<Waking<DirectoryView>> {
  return recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    refuseWhileFeatureOff(await lockOrganization(manager, scope, 'pessimistic_read'));
    const name = directory.name ?? providerName(directory.directoryProvider);
    return insertDirectory(manager, scope, { ...directory, name });
  });
}

/** The same for an organization whose row the transaction has locked and whose feature is on. */
export async function insertDirectory(
  manager: EntityManager,
  { environmentId, organizationId }: OrganizationScope,
  directory: NewDirectory & { name: string },
): Promise<Recorded<Waking<DirectoryView>>> {
  await manager.insert(Directory, { environmentId, organizationId, ...directory });
  await keepImportedIds(manager, { environmentId, kind: 'dir', id: directory.id }, {}, directory.externalIds ?? {});
  await manager.insert(DirectoryCounter, { directoryId: directory.id, environmentId, organizationId });
  const created = await manager.findOneByOrFail(Directory, { environmentId, id: directory.id });
  await writeDirectoryChange(manager, 'created', created);
  const changes = findChanges({}, directoryFields(created, null));
  return {
    answer: { result: await viewDirectory(manager, created), wake: { directoryIds: [directory.id] } },
    entries: [{ action: 'directory.created', target: directoryTarget(created), organizationId, changes }],
  };
}
