import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { providerName } from '@rollcall/contract';
import { freeName, refuseBeyondLimit, refuseWhileFeatureOff } from '@rollcall/directory';
import { Directory, runStatement } from '@rollcall/database';
import { AppError, publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockOrganization } from '../organizations/find-organization';
import type { Waking } from '../wake/to-wake';
import { insertDirectory } from './create-directory';
import type { NewDirectory } from './create-directory';
import type { DirectoryView, OrganizationScope } from './find-directory';

/**
 * Makes a directory for an administrator, whose press of a button may come twice: from two windows at once, or again because the
 * first answer was lost. So one of a provider that the organization has already is made only when that is said. Without a name it
 * gets its provider's, numbered where that is taken.
 * @param another true: also beside one of the same provider
 * @throws AppError `organization_not_found`, `feature_disabled`, `too_many_directories`, and `directory_exists` with the newest of that
 *   provider
 */
export async function configureDirectory(
  writer: Writer,
  scope: OrganizationScope,
  directory: NewDirectory,
  another: boolean,
): Promise<Waking<DirectoryView>> {
  return recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    // Of two at once the second waits here until the first is there to be seen.
    refuseWhileFeatureOff(await lockOrganization(manager, scope));
    if (!another) await refusePresent(manager, scope, directory.directoryProvider);
    const { environmentId, organizationId } = scope;
    refuseBeyondLimit(
      'directories',
      await manager.countBy(Directory, { environmentId, organizationId, deletedTime: IsNull() }),
    );
    const name = directory.name ?? (await nameByProvider(manager, scope, directory.directoryProvider));
    return insertDirectory(manager, scope, { ...directory, name });
  });
}

async function refusePresent(
  manager: EntityManager,
  { environmentId, organizationId }: OrganizationScope,
  directoryProvider: string,
): Promise<void> {
  const present = await manager.findOne(Directory, {
    where: { environmentId, organizationId, directoryProvider, deletedTime: IsNull() },
    order: { id: 'DESC' },
  });
  if (!present) return;
  throw new AppError({
    kind: 'conflict',
    code: 'directory_exists',
    message:
      'The organization has a directory of this provider. Open that one, or send "another": true to add one beside it.',
    details: { directory_id: publicId('dir', present.id), name: present.name },
  });
}

async function nameByProvider(
  manager: EntityManager,
  { environmentId, organizationId }: OrganizationScope,
  directoryProvider: string,
): Promise<string> {
  const name = providerName(directoryProvider);
  const { rows } = await runStatement<{ name: string }>(
    manager,
    `SELECT name FROM directories WHERE environment_id = $1 AND organization_id = $2 AND deleted_time IS NULL
       AND starts_with(lower(btrim(name)), lower($3))`,
    [environmentId, organizationId, name],
  );
  return freeName(
    name,
    rows.map((row) => row.name),
  );
}
