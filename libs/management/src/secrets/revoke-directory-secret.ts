import { DirectorySecret, notFound, runStatement } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { secretTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';

/**
 * Revokes a secret; from the commit on no process accepts it. Revoking one that is revoked changes nothing.
 * Throws AppError `directory_not_found`, `secret_not_found`.
 */
export async function revokeDirectorySecret(writer: Writer, scope: DirectoryScope, secretId: string): Promise<void> {
  const { environmentId, organizationId, directoryId } = scope;
  await recordChange(writer, scope, async (manager) => {
    await lockDirectory(manager, scope);
    const secret = await manager.findOneBy(DirectorySecret, { environmentId, directoryId, id: secretId });
    if (!secret) throw notFound('secret');
    if (secret.revokedTime) return { answer: undefined, entries: [] };
    await runStatement(
      manager,
      'UPDATE directory_secrets SET revoked_time = now() WHERE environment_id = $1 AND directory_id = $2 AND id = $3',
      [environmentId, directoryId, secretId],
    );
    const changes = { directory_id: { from: publicId('dir', directoryId), to: null } };
    return {
      answer: undefined,
      entries: [{ action: 'directory_secret.revoked', target: secretTarget(secret), organizationId, changes }],
    };
  });
}
