import type { EntityManager } from 'typeorm';
import { refuseBeyondLimit } from '@rollcall/directory';
import { HandOver, runStatement } from '@rollcall/database';
import { hashOpaqueToken, newId, newOpaqueToken } from '@rollcall/platform';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { aboutHandOver } from './about-hand-over';
import type { HandOverView } from './list-hand-overs';

/** Those of a directory that are over and stay in its list. */
const OVER_KEPT = 200;
/** Removed with one that is made, so that it does not wait for long. */
const REMOVED_AT_ONCE = 1_000;

export interface NewHandOver {
  /** Seconds. */
  expiresIn: number;
  /** Where the portal is. */
  publicUrl: string;
}

/**
 * Makes a link with which a colleague sets one directory up without coming into the portal. Its address is known to nobody else. Throws
 * AppError `directory_not_found`, `too_many_hand_overs`.
 */
export async function createHandOver(
  writer: Writer,
  scope: DirectoryScope,
  { expiresIn, publicUrl }: NewHandOver,
): Promise<HandOverView & { location: string }> {
  const { environmentId, organizationId, directoryId } = scope;
  const [id, token] = [newId(), newOpaqueToken()];
  return recordChange(writer, scope, async (manager) => {
    // Locked, so that of two made at once the second counts the first.
    const directory = await lockDirectory(manager, scope);
    await removeLongOver(manager, environmentId);
    await removeBeyondKept(manager, scope);
    refuseBeyondLimit('handOvers', await countOpen(manager, scope));
    await runStatement(
      manager,
      `INSERT INTO hand_overs (environment_id, id, organization_id, directory_id, token_hash, expire_time)
       VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
      [environmentId, id, organizationId, directoryId, hashOpaqueToken(token), expiresIn],
    );
    const handOver = await manager.findOneByOrFail(HandOver, { environmentId, id });
    const changes = findChanges({}, { expire_time: handOver.expireTime.toISOString() });
    return {
      // The token stands in the fragment, which no server sees.
      answer: { handOver, connectedTime: null, location: `${publicUrl}/portal/hand-over#${token}` },
      entries: [{ action: 'hand_over.created', ...aboutHandOver(handOver, directory), changes }],
    };
  });
}

async function countOpen(manager: EntityManager, { environmentId, directoryId }: DirectoryScope): Promise<number> {
  const { rows } = await runStatement<{ open: string }>(
    manager,
    `SELECT count(*) AS open FROM hand_overs WHERE environment_id = $1 AND directory_id = $2
       AND revoked_time IS NULL AND expire_time > now()`,
    [environmentId, directoryId],
  );
  return Number(rows[0]?.open);
}

/** Those that were over a month ago, of any directory of the environment: nobody looks for what became of them any more. */
async function removeLongOver(manager: EntityManager, environmentId: string): Promise<void> {
  await runStatement(
    manager,
    `DELETE FROM hand_overs WHERE environment_id = $1 AND id = ANY (ARRAY(
       SELECT h.id FROM hand_overs h WHERE h.environment_id = $1 AND h.expire_time < now() - interval '30 days'
       ORDER BY h.expire_time LIMIT 100 FOR UPDATE SKIP LOCKED))`,
    [environmentId],
  );
}

/** Those of a directory that are over, but for the newest: somebody who makes and revokes them in turn fills no table. */
async function removeBeyondKept(manager: EntityManager, { environmentId, directoryId }: DirectoryScope): Promise<void> {
  await runStatement(
    manager,
    `DELETE FROM hand_overs WHERE environment_id = $1 AND id = ANY (ARRAY(
       SELECT h.id FROM hand_overs h WHERE h.environment_id = $1 AND h.id = ANY (ARRAY(
         SELECT o.id FROM hand_overs o WHERE o.environment_id = $1 AND o.directory_id = $2
           AND (o.revoked_time IS NOT NULL OR o.expire_time <= now())
         ORDER BY o.id DESC OFFSET $3 LIMIT $4))
       FOR UPDATE SKIP LOCKED))`,
    [environmentId, directoryId, OVER_KEPT, REMOVED_AT_ONCE],
  );
}
