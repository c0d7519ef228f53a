import type { Pool } from 'pg';
import { retrySerialization, callFunction } from '@rollcall/database';
import type { ScimCaller } from './caller';

/** The stored hash of a directory's bearer token, or null when the directory has no such secret. */
export async function findDirectorySecret(
  pool: Pool,
  directoryId: string,
  secretId: string,
): Promise<{ hash: string; version: number } | null> {
  const [row] = await callFunction<{ secret_hash: string; secret_version: number }>(pool, 'find_directory_secret', [
    directoryId,
    secretId,
  ]);
  return row ? { hash: row.secret_hash, version: row.secret_version } : null;
}

/**
 * The directory that is reached at an alias, or null when there is none; and the caller whom a token names, by its hash: null for a token
 * of another directory, or none.
 */
export async function findDirectoryAtAlias(
  pool: Pool,
  alias: string,
  secretHash: string | null,
): Promise<{ directoryId: string; caller: ScimCaller | null } | null> {
  const [row] = await callFunction<{ directory_id: string; secret_id: string | null; secret_version: number }>(
    pool,
    'find_directory_at_alias',
    [alias, secretHash],
  );
  if (!row) return null;
  const { directory_id: directoryId, secret_id: secretId, secret_version: secretVersion } = row;
  return { directoryId, caller: secretId === null ? null : { directoryId, secretId, secretVersion } };
}

/** Stores another hash of the same token, unless it has got another one meanwhile. */
export async function rehashDirectorySecret(
  pool: Pool,
  { directoryId, secretId }: Pick<ScimCaller, 'directoryId' | 'secretId'>,
  hashes: { from: string; to: string },
): Promise<void> {
  await callFunction(pool, 'rehash_directory_secret', [directoryId, secretId, hashes.from, hashes.to]);
}

/**
 * Records that secrets were used, each at most once a minute. Rows are locked in the order of their ids, as every process does,
 * so that no two wait for each other.
 */
export async function touchSecrets(pool: Pool, callers: readonly ScimCaller[]): Promise<void> {
  const sorted = callers.toSorted((a, b) => (a.directoryId + a.secretId < b.directoryId + b.secretId ? -1 : 1));
  await retrySerialization(() =>
    pool.query({
      name: 'touch_directory_secrets',
      text: 'SELECT touch_directory_secret(u.directory_id, u.secret_id) FROM unnest($1::text[], $2::text[]) AS u (directory_id, secret_id)',
      values: [sorted.map(({ directoryId }) => directoryId), sorted.map(({ secretId }) => secretId)],
    }),
  );
}
