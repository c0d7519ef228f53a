import type { EntityManager } from 'typeorm';
import { refuseReplacing, secretStatus } from '@rollcall/directory';
import { DirectorySecret, notFound, readNow, runStatement } from '@rollcall/database';
import type { DirectoryScope } from '../directories/find-directory';

export interface Replacement {
  /** The bare id of the one that is replaced; undefined: every active one. */
  secretId?: string;
  /** How long what is replaced goes on working, none longer than it would have; 0 revokes with the same commit. */
  overlapSeconds: number;
  /** Whether what is replaced also ends once the new one alone is in use, whichever comes first. */
  retireWhenSeen?: boolean;
}

/**
 * Ends what a new secret takes the place of, in a transaction that has locked the directory. One that is named can be replaced
 * once: whoever asks again would issue a second one for the same purpose. Throws AppError `secret_not_found`,
 * `secret_not_replaceable`.
 */
export async function replaceSecrets(
  manager: EntityManager,
  scope: DirectoryScope,
  { secretId, overlapSeconds, retireWhenSeen = false }: Replacement,
  newSecretId: string,
): Promise<void> {
  if (secretId !== undefined) await requireReplaceable(manager, scope, secretId);
  await runStatement(
    manager,
    `UPDATE directory_secrets SET replaced_time = coalesce(replaced_time, now()),
       revoked_time = CASE WHEN $3::double precision = 0 THEN now() END,
       expire_time = CASE WHEN $3 = 0 THEN expire_time ELSE least(expire_time, now() + make_interval(secs => $3)) END,
       retired_by = $5::text
     WHERE environment_id = $1 AND directory_id = $2 AND ($4::text IS NULL OR id = $4)
       AND revoked_time IS NULL AND (expire_time IS NULL OR expire_time > now())`,
    [scope.environmentId, scope.directoryId, overlapSeconds, secretId ?? null, retireWhenSeen ? newSecretId : null],
  );
}

async function requireReplaceable(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  id: string,
): Promise<void> {
  const secret = await manager.findOneBy(DirectorySecret, { environmentId, directoryId, id });
  if (!secret) throw notFound('secret');
  const status = secretStatus(secret, await readNow(manager));
  refuseReplacing(status, secret.replacedTime !== null);
}
