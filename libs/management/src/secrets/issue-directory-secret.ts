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
import { replaceSecrets } from './replace-secrets';
import type { Replacement } from './replace-secrets';

/** Tokens of a directory that have ended and stay in its list: whoever issues and revokes them in turn fills no table. */
const ENDED_KEPT = 200;
/** Removed with one that is issued, so that it does not wait for long. */
const REMOVED_AT_ONCE = 1_000;

export interface SecretOptions {
  /** What people call it; undefined = it has no name. */
  name?: string;
  /** Seconds until it expires; undefined = never. */
  expiresIn?: number;
  /** Given, it takes the place of others. Undefined: it stands beside them. */
  replaces?: Replacement;
}

/**
 * Issues a bearer token for a directory's identity provider and stores its hash. Returns the token, which is known to nobody
 * else, and what is stored. Throws AppError `directory_not_found`, `too_many_secrets`, and of the one that it is to replace
 * `secret_not_found`, `secret_not_replaceable`.
 */
export async function issueDirectorySecret(
  writer: Writer,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  scope: DirectoryScope,
  options: SecretOptions,
): Promise<{ token: string; secret: DirectorySecret }> {
  return recordChange(writer, scope, async (manager) => {
    const { entry, ...issued } = await issueSecret(manager, hasher, scope, options);
    return { answer: issued, entries: [entry] };
  });
}

/** The same within the transaction of a larger change, with what the audit log is to say of it. */
export async function issueSecret(
  manager: EntityManager,
  hasher: Pick<SecretHasher, 'hashGenerated'>,
  scope: DirectoryScope,
  options: SecretOptions,
): Promise<{ token: string; secret: DirectorySecret; entry: AuditEntry }> {
  const id = newId();
  const token = issueToken(id);
  const secretHash = hasher.hashGenerated(token);
  await lockDirectory(manager, scope);
  if (options.replaces) await replaceSecrets(manager, scope, options.replaces, id);
  refuseBeyondLimit('secrets', await countActive(manager, scope));
  await removeLongEnded(manager, scope);
  const secret = await insertSecret(manager, scope, { id, secretHash, secretSuffix: tokenSuffix(token), ...options });
  return { token, secret, entry: describeIssued(scope, secret, options) };
}

/** How many of a directory's tokens are active. */
export async function countActive(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
): Promise<number> {
  const { rows } = await runStatement<{ active: string }>(
    manager,
    `SELECT count(*) AS active FROM directory_secrets WHERE environment_id = $1 AND directory_id = $2
       AND revoked_time IS NULL AND (expire_time IS NULL OR expire_time > now())`,
    [environmentId, directoryId],
  );
  return Number(rows[0]?.active);
}

/**
 * Removes those that ended before the last ones that are kept. What tells when the directory was reached last, and when a hand-over was
 * connected, stays.
 */
async function removeLongEnded(manager: EntityManager, { environmentId, directoryId }: DirectoryScope): Promise<void> {
  await runStatement(
    manager,
    `DELETE FROM directory_secrets WHERE environment_id = $1 AND directory_id = $2 AND id = ANY (ARRAY(
       SELECT s.id FROM directory_secrets s WHERE s.environment_id = $1 AND s.directory_id = $2
         AND (s.revoked_time IS NOT NULL OR s.expire_time <= now())
         AND s.id IS DISTINCT FROM (SELECT u.id FROM directory_secrets u
           WHERE u.environment_id = $1 AND u.directory_id = $2 AND u.last_used_time IS NOT NULL
           ORDER BY u.last_used_time DESC LIMIT 1)
         AND NOT EXISTS (SELECT 1 FROM hand_overs h
           WHERE h.environment_id = $1 AND h.directory_id = $2 AND h.secret_id = s.id)
       ORDER BY least(s.revoked_time, s.expire_time) DESC, s.id DESC OFFSET $3 LIMIT $4))`,
    [environmentId, directoryId, ENDED_KEPT, REMOVED_AT_ONCE],
  );
}

/** What the audit log tells of a token that was issued, or taken over. */
export function describeIssued(
  { organizationId, directoryId }: DirectoryScope,
  secret: DirectorySecret,
  { replaces }: Pick<SecretOptions, 'replaces'>,
): AuditEntry {
  return {
    action: replaces ? 'directory_secret.regenerated' : 'directory_secret.created',
    target: secretTarget(secret),
    organizationId,
    changes: findChanges(
      {},
      {
        directory_id: publicId('dir', directoryId),
        name: secret.name,
        expire_time: secret.expireTime?.toISOString(),
        overlap_seconds: replaces?.overlapSeconds,
        retire_when_seen: replaces?.retireWhenSeen,
        replaced_secret_id: replaces?.secretId && publicId('sec', replaces.secretId),
      },
    ),
  };
}

/** Stores a token's hash. */
export async function insertSecret(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  secret: { id: string; secretHash: string; secretSuffix: string } & SecretOptions,
): Promise<DirectorySecret> {
  const { id, secretHash, secretSuffix, name, expiresIn } = secret;
  await runStatement(
    manager,
    `INSERT INTO directory_secrets (environment_id, directory_id, id, secret_hash, secret_suffix, name, expire_time)
     VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7::double precision))`,
    [environmentId, directoryId, id, secretHash, secretSuffix, name ?? null, expiresIn ?? null],
  );
  return manager.findOneByOrFail(DirectorySecret, { environmentId, directoryId, id });
}
