import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { PACK_MAX, readEntries } from '@rollcall/directory';
import type { RequestEntry, StoredBodies } from '@rollcall/directory';
import { idFloor, timeOfId } from '@rollcall/platform';

/** Which requests of a directory are read; absent = all. */
export interface RequestBounds {
  directoryId: string;
  /** A resource or folded userName: packs of requests that it is a key of, among which are others. */
  key?: string | undefined;
  /** Packs in which a request went wrong, others among them too. */
  withFailures?: boolean;
  /** Ids from this one on, and before that one. */
  from?: string | undefined;
  before?: string | undefined;
}

interface StoredPack {
  id: string;
  entries: string;
}

/** Packs of one statement: a pack may hold one request. */
const PACKS = 1_000;

/**
 * The requests of a directory within bounds, newest first. Packs of several processes overlap in time: a request comes when every pack
 * that may have a newer one was read.
 * @param wanted how many requests one statement reads at least, if there are so many
 */
export async function* readRequests(
  manager: EntityManager,
  bounds: RequestBounds,
  wanted: number,
): AsyncGenerator<RequestEntry> {
  let waiting: RequestEntry[] = [];
  for (let behind: string | undefined; ;) {
    const packs = await readPacks(manager, bounds, behind, wanted);
    behind = packs.at(-1)?.id;
    for (const { entries } of packs) {
      waiting.push(...readEntries(entries).filter(({ id }) => isWithin(id, bounds)));
    }
    waiting.sort((a, b) => (a.id < b.id ? 1 : -1));
    const ready = behind === undefined ? waiting.length : countFrom(waiting, behind);
    yield* waiting.slice(0, ready);
    waiting = waiting.slice(ready);
    if (behind === undefined) return;
  }
}

function isWithin(id: string, { from = '', before }: RequestBounds): boolean {
  return id >= from && (before === undefined || id < before);
}

/** How many of the requests, newest first, are not older than this id. */
function countFrom(requests: readonly RequestEntry[], id: string): number {
  const first = requests.findIndex((request) => request.id < id);
  return first === -1 ? requests.length : first;
}

async function readPacks(
  manager: EntityManager,
  { directoryId, key, withFailures, from, before }: RequestBounds,
  behind: string | undefined,
  wanted: number,
): Promise<StoredPack[]> {
  const params: unknown[] = [directoryId, before ?? null];
  const limit = Math.min(wanted + 1, PACKS);
  const add = (sql: (parameter: string) => string, value: unknown) =>
    value === undefined ? '' : ` AND ${sql(`$${params.push(value)}`)}`;
  const bounds = (id: string) =>
    add((parameter) => `${id} < ${parameter}`, behind ?? (before && latestPackOf(before))) +
    add((parameter) => `${id} >= ${parameter}`, from);
  const failures = withFailures ? ' AND p.has_failures' : '';
  const packs =
    key === undefined
      ? `SELECT * FROM scim_request_packs p WHERE p.directory_id = $1${bounds('p.id')}${failures} ORDER BY p.id DESC LIMIT ${limit}`
      : `SELECT p.* FROM (
           SELECT DISTINCT k.pack_id FROM scim_request_keys k
           WHERE k.directory_id = $1${add((parameter) => `k.key = hashtextextended($1 || ${parameter}::text, 0)`, key)}${bounds('k.pack_id')}
           ORDER BY k.pack_id DESC LIMIT ${limit}) k
         JOIN scim_request_packs p ON p.directory_id = $1 AND p.id = k.pack_id`;
  // As many packs as hold what is wanted, and one more, whose id tells which requests of the others come first.
  const { rows } = await runStatement<StoredPack>(
    manager,
    `SELECT q.id, CASE WHEN q.count > 0 THEN q.entries ELSE '[]' END AS entries FROM (
       SELECT p.id, p.entries, p.count, sum(p.count) OVER (ORDER BY p.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS before
       FROM (SELECT p.id, p.entries, CASE WHEN p.first_id < $2 OR $2 IS NULL THEN p.count ELSE 0 END AS count FROM (${packs}) p) p) q
     WHERE coalesce(q.before, 0) < ${wanted} ORDER BY q.id DESC`,
    params,
  );
  return rows;
}

/** What is behind the pack of every request before this one: packs are named by their newest request. */
function latestPackOf(id: string): string {
  return idFloor(new Date(timeOfId(id).getTime() + PACK_MAX.ms + 1));
}

/** The pack that holds a request, as it is stored; undefined when the directory has no such request. */
export async function readPackOf(
  manager: EntityManager,
  directoryId: string,
  requestId: string,
): Promise<({ entries: string } & StoredBodies) | undefined> {
  const { rows } = await runStatement<{ entries: string } & StoredBodies>(
    manager,
    `SELECT p.entries, p.bodies, p.deflated_bodies AS "deflatedBodies" FROM scim_request_packs p
     WHERE p.directory_id = $1 AND p.id >= $2 AND p.id < $3 AND p.first_id <= $2 AND strpos(p.entries, $4) > 0
     ORDER BY p.id LIMIT 1`,
    [directoryId, requestId, latestPackOf(requestId), `["${requestId}",`],
  );
  return rows[0];
}
