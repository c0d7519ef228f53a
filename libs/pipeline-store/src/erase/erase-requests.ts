import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { foldText } from '@rollcall/scim';

/** Requests that one step removes for having named the user. */
const NAMING = 2_000;
/** Requests of the user that one step removes; each may have a name of its own. */
const OWN = 500;
/** Events that one step reads the names of: an event may have 256 kB. */
const EVENTS = 100;

/** What one step came to. */
export interface ErasedRequests {
  erased: number;
  /** Where the next step goes on; null: no request is left. */
  next: string | null;
}

/**
 * Removes some requests of a deleted user from the log: those about the user, and those that name it and made nobody, such as one that
 * was refused. The names are those of its requests, and of its events as long as they say them: so those that only name it go first.
 * @param after the number of the last event whose names are done with; '0' = none
 */
export async function eraseRequests(
  manager: EntityManager,
  directoryId: string,
  userId: string,
  after: string,
): Promise<ErasedRequests> {
  const own = await readOwn(manager, directoryId, userId);
  if (own.length > 0) {
    const erased = await eraseNaming(manager, directoryId, namesOf(own));
    if (erased === NAMING) return { erased, next: after };
    return { erased: erased + (await eraseOwn(manager, directoryId, own)), next: after };
  }
  const events = await readEvents(manager, directoryId, userId, after);
  const erased = await eraseNaming(manager, directoryId, namesOf(events));
  if (erased === NAMING) return { erased, next: after };
  return { erased, next: events.length === EVENTS ? (events.at(-1)?.sequence ?? null) : null };
}

interface Named {
  name: string | null;
}

function namesOf(rows: readonly Named[]): string[] {
  return [...new Set(rows.flatMap(({ name }) => (name === null ? [] : [foldText(name)])))];
}

async function readOwn(
  manager: EntityManager,
  directoryId: string,
  userId: string,
): Promise<(Named & { id: string })[]> {
  const { rows } = await runStatement<Named & { id: string }>(
    manager,
    `SELECT id, user_name_key AS name FROM scim_requests WHERE directory_id = $1 AND resource_id = $2 LIMIT ${OWN}`,
    [directoryId, userId],
  );
  return rows;
}

async function readEvents(
  manager: EntityManager,
  directoryId: string,
  userId: string,
  after: string,
): Promise<(Named & { sequence: string })[]> {
  const { rows } = await runStatement<Named & { sequence: string }>(
    manager,
    `SELECT sequence, body::json #>> '{data,preferred_username}' AS name FROM events
     WHERE directory_id = $1 AND resource_id = $2 AND sequence > $3 ORDER BY sequence LIMIT ${EVENTS}`,
    [directoryId, userId, after],
  );
  return rows;
}

async function eraseNaming(manager: EntityManager, directoryId: string, names: readonly string[]): Promise<number> {
  const { affected } = await runStatement(
    manager,
    `DELETE FROM scim_requests r WHERE r.directory_id = $1 AND r.id IN (
       SELECT q.id FROM scim_requests q WHERE q.directory_id = $1 AND q.user_name_key = ANY ($2) AND q.resource_id IS NULL
       LIMIT ${NAMING})`,
    [directoryId, names],
  );
  return affected;
}

async function eraseOwn(manager: EntityManager, directoryId: string, own: readonly { id: string }[]): Promise<number> {
  const { affected } = await runStatement(
    manager,
    'DELETE FROM scim_requests WHERE directory_id = $1 AND id = ANY ($2)',
    [directoryId, own.map(({ id }) => id)],
  );
  return affected;
}
