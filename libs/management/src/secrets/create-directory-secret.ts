import type { DataSource, EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { DirectorySecret, tenantTransaction, runStatement } from '@rollcall/database';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';

/** A token ready to be stored: never the token itself. */
export interface NewDirectorySecret {
  id: string;
  secretHash: string;
  secretSuffix: string;
  /** Seconds until it expires; undefined = never. */
  expiresIn?: number;
}

/** Adds a secret beside those there are. Throws AppError `directory_not_found`, `too_many_secrets`. */
export async function createDirectorySecret(
  dataSource: DataSource,
  scope: DirectoryScope,
  secret: NewDirectorySecret,
): Promise<DirectorySecret> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await lockDirectory(manager, scope);
    await refuseTooMany(manager, scope);
    return insertSecret(manager, scope, secret);
  });
}

/**
 * Adds a secret in place of all active ones. Those go on working for `overlapSeconds`, none longer than it would have; 0 revokes
 * them with the same commit. Throws AppError `directory_not_found`, `too_many_secrets`.
 */
export async function regenerateDirectorySecret(
  dataSource: DataSource,
  scope: DirectoryScope,
  secret: NewDirectorySecret,
  overlapSeconds: number,
): Promise<DirectorySecret> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await lockDirectory(manager, scope);
    await runStatement(
      manager,
      overlapSeconds === 0
        ? `UPDATE directory_secrets SET revoked_time = now() WHERE ${ACTIVE} AND $3::double precision = 0`
        : `UPDATE directory_secrets SET expire_time = least(expire_time, now() + make_interval(secs => $3)) WHERE ${ACTIVE}`,
      [scope.environmentId, scope.directoryId, overlapSeconds],
    );
    await refuseTooMany(manager, scope);
    return insertSecret(manager, scope, secret);
  });
}

const ACTIVE = `environment_id = $1 AND directory_id = $2 AND revoked_time IS NULL AND (expire_time IS NULL OR expire_time > now())`;

async function refuseTooMany(manager: EntityManager, scope: DirectoryScope): Promise<void> {
  const { rows } = await runStatement<{ active: string }>(
    manager,
    `SELECT count(*) AS active FROM directory_secrets WHERE ${ACTIVE}`,
    [scope.environmentId, scope.directoryId],
  );
  refuseBeyondLimit('secrets', Number(rows[0]?.active));
}

async function insertSecret(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  { id, secretHash, secretSuffix, expiresIn }: NewDirectorySecret,
): Promise<DirectorySecret> {
  await runStatement(
    manager,
    `INSERT INTO directory_secrets (environment_id, directory_id, id, secret_hash, secret_suffix, expire_time)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::double precision))`,
    [environmentId, directoryId, id, secretHash, secretSuffix, expiresIn ?? null],
  );
  return manager.findOneByOrFail(DirectorySecret, { environmentId, directoryId, id });
}
