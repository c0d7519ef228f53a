import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { foldText } from '@rollcall/scim';

/** Requests that one step removes. */
const REQUESTS = 2_000;

/**
 * Removes requests of a deleted user from the log: those about the user, and those that name it and made nobody, such as one that was
 * refused. The names are those of its requests, and of its events as long as they say them: so those that only name it go first.
 */
export async function eraseRequests(
  manager: EntityManager,
  directoryId: string,
  userId: string,
): Promise<{ erased: number; hasMore: boolean }> {
  const { affected } = await runStatement(
    manager,
    `DELETE FROM scim_requests r WHERE r.directory_id = $1 AND r.id IN (
       (SELECT q.id FROM scim_requests q WHERE q.directory_id = $1 AND q.user_name_key = ANY ($3) AND q.resource_id IS NULL LIMIT ${REQUESTS})
       UNION ALL
       (SELECT q.id FROM scim_requests q WHERE q.directory_id = $1 AND q.resource_id = $2 LIMIT ${REQUESTS})
       LIMIT ${REQUESTS})`,
    [directoryId, userId, await readNames(manager, directoryId, userId)],
  );
  return { erased: affected, hasMore: affected === REQUESTS };
}

async function readNames(manager: EntityManager, directoryId: string, userId: string): Promise<string[]> {
  const { rows } = await runStatement<{ name: string }>(
    manager,
    `SELECT DISTINCT r.user_name_key AS name FROM scim_requests r
       WHERE r.directory_id = $1 AND r.resource_id = $2 AND r.user_name_key IS NOT NULL
     UNION
     SELECT DISTINCT e.body::json #>> '{data,preferred_username}' FROM events e
       WHERE e.directory_id = $1 AND e.resource_id = $2 AND e.body::json #>> '{data,preferred_username}' IS NOT NULL`,
    [directoryId, userId],
  );
  return rows.map(({ name }) => foldText(name));
}
