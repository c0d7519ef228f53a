import type { EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { issueToken, newId, publicId, tokenSuffix } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { DirectorySecret, runStatement } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { secretTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';

export interface SecretOptions {
  /** Seconds until it expires; undefined = never. */
  expiresIn?: number;
  /**
   * Given, it takes the place of the active ones, which go on working for so many seconds, none longer than it would have; 0
   * revokes them with the same commit. Undefined: it stands beside them.
   */
  overlapSeconds?: number;
}

/**
 * Issues a bearer token for a directory's identity provider and stores its hash. Returns the token, which is known to nobody
 * else, and what is stored. Throws AppError `directory_not_found`, `too_many_secrets`.
 */
export async function issueDirectorySecret(
  writer: Writer,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  scope: DirectoryScope,
  options: SecretOptions,
): Promise<{ token: string; secret: DirectorySecret }> {
  const id = newId();
  const token = issueToken(id);
  const secretHash = hasher.hashGenerated(token);
  const secret = await recordChange(writer, scope, async (manager) => {
    await lockDirectory(manager, scope);
    if (options.overlapSeconds !== undefined) await endActive(manager, scope, options.overlapSeconds);
    refuseBeyondLimit('secrets', await countActive(manager, scope));
    const issued = await insertSecret(manager, scope, { id, secretHash, secretSuffix: tokenSuffix(token), ...options });
    return { answer: issued, entries: [describeIssued(scope, issued, options)] };
  });
  return { token, secret };
}

const ACTIVE = `environment_id = $1 AND directory_id = $2 AND revoked_time IS NULL AND (expire_time IS NULL OR expire_time > now())`;

async function endActive(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  overlapSeconds: number,
): Promise<void> {
  await runStatement(
    manager,
    overlapSeconds === 0
      ? `UPDATE directory_secrets SET revoked_time = now() WHERE ${ACTIVE} AND $3::double precision = 0`
      : `UPDATE directory_secrets SET expire_time = least(expire_time, now() + make_interval(secs => $3)) WHERE ${ACTIVE}`,
    [environmentId, directoryId, overlapSeconds],
  );
}

async function countActive(manager: EntityManager, { environmentId, directoryId }: DirectoryScope): Promise<number> {
  const { rows } = await runStatement<{ active: string }>(
    manager,
    `SELECT count(*) AS active FROM directory_secrets WHERE ${ACTIVE}`,
    [environmentId, directoryId],
  );
  return Number(rows[0]?.active);
}

function describeIssued(
  { organizationId, directoryId }: DirectoryScope,
  secret: DirectorySecret,
  { overlapSeconds }: SecretOptions,
): AuditEntry {
  const isRegenerated = overlapSeconds !== undefined;
  return {
    action: isRegenerated ? 'directory_secret.regenerated' : 'directory_secret.created',
    target: secretTarget(secret),
    organizationId,
    changes: findChanges(
      {},
      {
        directory_id: publicId('dir', directoryId),
        expire_time: secret.expireTime?.toISOString(),
        overlap_seconds: overlapSeconds,
      },
    ),
  };
}

async function insertSecret(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  { id, secretHash, secretSuffix, expiresIn }: { id: string; secretHash: string; secretSuffix: string } & SecretOptions,
): Promise<DirectorySecret> {
  await runStatement(
    manager,
    `INSERT INTO directory_secrets (environment_id, directory_id, id, secret_hash, secret_suffix, expire_time)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::double precision))`,
    [environmentId, directoryId, id, secretHash, secretSuffix, expiresIn ?? null],
  );
  return manager.findOneByOrFail(DirectorySecret, { environmentId, directoryId, id });
}
