import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { Directory } from '@rollcall/database';
import { directoryTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { Waking } from '../wake/to-wake';
import { lockDirectory } from './find-directory';
import type { DirectoryScope } from './find-directory';
import { writeDirectoryChange } from './write-directory-change';

/**
 * Deletes a directory: its secrets are revoked at once, as are links that hand it over and addresses of another service, its users and groups are removed after its `directory_deleted` event.
 * The tombstone keeps its events readable. Throws AppError `directory_not_found`.
 */
export async function deleteDirectory(writer: Writer, scope: DirectoryScope): Promise<Waking<void>> {
  return recordChange(writer, scope, async (manager) => {
    const directory = await lockDirectory(manager, scope);
    await removeDirectory(manager, directory);
    return {
      answer: { result: undefined, wake: { directoryIds: [scope.directoryId] } },
      entries: [
        {
          action: 'directory.deleted',
          target: directoryTarget(directory),
          organizationId: scope.organizationId,
        },
      ],
    };
  });
}

/** The same for a directory whose row the transaction has locked. Leaves the transaction's tenant at this directory. */
export async function removeDirectory(manager: EntityManager, directory: Directory): Promise<void> {
  directory.updateTime = new Date();
  await writeDirectoryChange(manager, 'deleted', directory);
  await runStatement(
    manager,
    `UPDATE directory_secrets SET revoked_time = now() WHERE environment_id = $1 AND directory_id = $2 AND revoked_time IS NULL`,
    [directory.environmentId, directory.id],
  );
  await runStatement(manager, 'DELETE FROM hand_overs WHERE environment_id = $1 AND directory_id = $2', [
    directory.environmentId,
    directory.id,
  ]);
  await runStatement(manager, 'DELETE FROM directory_aliases WHERE environment_id = $1 AND directory_id = $2', [
    directory.environmentId,
    directory.id,
  ]);
  await runStatement(
    manager,
    `UPDATE directories SET deleted_time = now(), update_time = $3 WHERE environment_id = $1 AND id = $2`,
    [directory.environmentId, directory.id, directory.updateTime],
  );
}
