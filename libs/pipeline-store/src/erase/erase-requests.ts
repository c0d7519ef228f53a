import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { isFailure, keysOf, readEntries, withoutStoredRequests } from '@rollcall/directory';
import type { RequestEntry, StoredBodies } from '@rollcall/directory';
import { foldText } from '@rollcall/scim';

/** Packs that one step takes requests of the user out of, and those that only name it; each has up to 250 requests and some 250 kB. */
const OWN_PACKS = 4;
const NAMING_PACKS = 16;
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
  const own = await findPacks(manager, directoryId, [userId], OWN_PACKS);
  const isOwn = ({ resource_id }: RequestEntry) => resource_id === userId;
  const names = namesOf(
    own.flatMap(({ entries }) => readEntries(entries).filter(isOwn)).map(({ user_name_key }) => user_name_key),
  );
  if (own.length > 0) {
    const naming = await eraseNaming(manager, directoryId, names);
    if (naming.hasMore) return { erased: naming.erased, next: after };
    const erased = naming.erased + (await takeOut(manager, directoryId, own, isOwn));
    if (erased > 0) return { erased, next: after };
  }
  const events = await readEvents(manager, directoryId, userId, after);
  const { erased, hasMore } = await eraseNaming(manager, directoryId, namesOf(events.map(({ name }) => name)));
  if (hasMore) return { erased, next: after };
  return { erased, next: events.length === EVENTS ? (events.at(-1)?.sequence ?? null) : null };
}

function namesOf(names: readonly (string | null)[]): string[] {
  return [...new Set(names.flatMap((name) => (name === null ? [] : [foldText(name)])))];
}

interface NamingEvent {
  name: string | null;
  sequence: string;
}

async function readEvents(
  manager: EntityManager,
  directoryId: string,
  userId: string,
  after: string,
): Promise<NamingEvent[]> {
  const { rows } = await runStatement<NamingEvent>(
    manager,
    `SELECT sequence, body::json #>> '{data,preferred_username}' AS name FROM events
     WHERE directory_id = $1 AND resource_id = $2 AND sequence > $3 ORDER BY sequence LIMIT ${EVENTS}`,
    [directoryId, userId, after],
  );
  return rows;
}

/** Removes requests that name the user and made nobody; `hasMore`: there may be others. */
async function eraseNaming(
  manager: EntityManager,
  directoryId: string,
  names: readonly string[],
): Promise<{ erased: number; hasMore: boolean }> {
  const wanted = new Set(names);
  const packs = await findPacks(manager, directoryId, names, NAMING_PACKS);
  const erased = await takeOut(
    manager,
    directoryId,
    packs,
    ({ resource_id, user_name_key }) => resource_id === null && user_name_key !== null && wanted.has(user_name_key),
  );
  return { erased, hasMore: packs.length === NAMING_PACKS && erased > 0 };
}

interface StoredPack extends StoredBodies {
  id: string;
  entries: string;
}

/** Some packs with requests that one of the keys finds. */
async function findPacks(
  manager: EntityManager,
  directoryId: string,
  keys: readonly string[],
  limit: number,
): Promise<Pick<StoredPack, 'id' | 'entries'>[]> {
  const { rows } = await runStatement<Pick<StoredPack, 'id' | 'entries'>>(
    manager,
    `SELECT p.id, p.entries FROM scim_request_packs p WHERE p.directory_id = $1 AND p.id IN (
       SELECT DISTINCT f.pack_id FROM unnest($2::text[]) AS w (key), LATERAL (
         SELECT k.pack_id FROM scim_request_keys k JOIN scim_request_packs x ON x.directory_id = k.directory_id AND x.id = k.pack_id
         WHERE k.directory_id = $1 AND k.key = hashtextextended($1 || w.key, 0) LIMIT ${limit}) f
       LIMIT ${limit})`,
    [directoryId, keys],
  );
  return rows;
}

/** Writes packs without some of their requests, as they are now; what these alone were found by goes too. Returns how many requests went. */
async function takeOut(
  manager: EntityManager,
  directoryId: string,
  packs: readonly Pick<StoredPack, 'id'>[],
  isGone: (entry: RequestEntry) => boolean,
): Promise<number> {
  const { rows } = await runStatement<StoredPack>(
    manager,
    `SELECT p.id, p.entries, p.bodies, p.deflated_bodies AS "deflatedBodies" FROM scim_request_packs p WHERE p.directory_id = $1 AND p.id = ANY ($2)
     ORDER BY p.id FOR UPDATE`,
    [directoryId, packs.map(({ id }) => id)],
  );
  let erased = 0;
  for (const pack of rows) {
    const gone = readEntries(pack.entries).filter(isGone);
    if (gone.length === 0) continue;
    const left = withoutStoredRequests(pack, isGone);
    await writePack(manager, directoryId, pack.id, left);
    const stillFound = new Set(left?.kept.flatMap(keysOf));
    const keys = gone.flatMap(keysOf).filter((key) => !stillFound.has(key));
    await runStatement(
      manager,
      `DELETE FROM scim_request_keys WHERE directory_id = $1 AND pack_id = $2 AND key IN (
         SELECT hashtextextended($1 || w.key, 0) FROM unnest($3::text[]) AS w (key))`,
      [directoryId, pack.id, keys],
    );
    erased += gone.length;
  }
  return erased;
}

async function writePack(
  manager: EntityManager,
  directoryId: string,
  id: string,
  left: ReturnType<typeof withoutStoredRequests>,
): Promise<void> {
  if (left === null) {
    await runStatement(manager, 'DELETE FROM scim_request_packs WHERE directory_id = $1 AND id = $2', [
      directoryId,
      id,
    ]);
    return;
  }
  await runStatement(
    manager,
    `UPDATE scim_request_packs SET entries = $3, bodies = $4, deflated_bodies = $5, count = $6, deflated_count = $6, has_failures = $7
     WHERE directory_id = $1 AND id = $2`,
    [directoryId, id, left.entries, left.bodies, left.deflatedBodies, left.kept.length, left.kept.some(isFailure)],
  );
}
