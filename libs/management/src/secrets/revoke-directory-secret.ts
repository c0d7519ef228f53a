import type { DataSource } from 'typeorm';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';

/**
 * Revokes a secret; from the commit on no process accepts it. Revoking one that is revoked changes nothing.
 * Throws AppError `directory_not_found`, `secret_not_found`.
 */
export async function revokeDirectorySecret(
  dataSource: DataSource,
  scope: DirectoryScope,
  secretId: string,
): Promise<void> {
  await tenantTransaction(dataSource, scope, async (manager) => {
    await lockDirectory(manager, scope);
    const { affected } = await runStatement(
      manager,
      `UPDATE directory_secrets SET revoked_time = coalesce(revoked_time, now())
       WHERE environment_id = $1 AND directory_id = $2 AND id = $3`,
      [scope.environmentId, scope.directoryId, secretId],
    );
    if (affected === 0) throw notFound('secret');
  });
}
