import type { Pool } from 'pg';
import { callForRow, callFunction } from './call-function';
import type { Admission, ScimCaller } from './call-function';

/** The stored argon2id hash of a directory's bearer token, or null when the directory has no such secret. */
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

/** Reads a caller's state alone, for requests that touch no resource. */
export async function admitCaller(pool: Pool, caller: ScimCaller): Promise<Admission> {
  return callForRow<Admission & { strict_mode: boolean }>(pool, 'scim_enter', callerValues(caller));
}

/** Records that a secret was used, at most once a minute. */
export async function touchSecret(pool: Pool, { directoryId, secretId }: ScimCaller): Promise<void> {
  await callFunction(pool, 'touch_directory_secret', [directoryId, secretId]);
}

/** A caller as the first arguments of the SCIM functions. */
export function callerValues({ directoryId, secretId, secretVersion }: ScimCaller): [string, string, number] {
  return [directoryId, secretId, secretVersion];
}
