import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** "rollcall" in ASCII, as a 64-bit number. */
const OWNERSHIP_KEY = '8245928655518264428';

/**
 * Makes this connection the only owner of what `key` names, for as long as it lives: PostgreSQL's session advisory
 * lock ends with the connection, however its process dies, so there is no stale lock.
 *
 * @param patienceMs how long to wait for an owner that has just been killed to be noticed
 * @returns whether it is ours now
 */
export async function claimOwnership(client: Client, patienceMs: number, key = OWNERSHIP_KEY): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(50)) {
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock($1::bigint) as ours', [key]);
    if (rows[0]?.ours) return true;
    if (Date.now() >= deadline) return false;
  }
}
