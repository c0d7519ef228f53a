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
  const secret = await insertSecret(manager, scope, { id, secretHash, secretSuffix: tokenSuffix(token), ...options });
  return { token, secret, entry: describeIssued(scope, secret, options) };
}

async function countActive(manager: EntityManager, { environmentId, directoryId }: DirectoryScope): Promise<number> {
  const { rows } = await runStatement<{ active: string }>(
    manager,
    `SELECT count(*) AS active FROM directory_secrets WHERE environment_id = $1 AND directory_id = $2
       AND revoked_time IS NULL AND (expire_time IS NULL OR expire_time > now())`,
    [environmentId, directoryId],
  );
  return Number(rows[0]?.active);
}

function describeIssued(
  { organizationId, directoryId }: DirectoryScope,
  secret: DirectorySecret,
  { replaces }: SecretOptions,
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

async function insertSecret(
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
