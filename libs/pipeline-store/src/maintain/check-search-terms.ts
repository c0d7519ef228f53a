import type { DataSource, EntityManager } from 'typeorm';
import type { GroupData, UserData } from '@rollcall/contract';
import { inPipeline, tenantTransaction } from '@rollcall/database';
import { userEmailKey, userNameKey } from '@rollcall/directory';
import { readPublishedGroup, readPublishedUser } from '@rollcall/events';
import type { Published } from '@rollcall/events';
import type { Statement } from '../drain/statement';
import { writeSearchTerms } from '../drain/write-search-terms';

/** Directories looked up at one time. */
const BATCH = 100;
/** Users or groups of one transaction: a drain that publishes one of them waits for its end. */
const SLICE = 200;
/** Whose terms one statement looks at. */
const OWNERS = 5_000;

interface DueCheck {
  environment_id: string;
  directory_id: string;
  checks_left: number;
}

interface Tenant {
  environmentId: string;
  directoryId: string;
}

/**
 * Brings the search terms of directories to what is published, where a worker from before there were terms published it: writes those
 * that are missing or are of something else, and removes those of whoever is gone. Each directory has its turn as soon as it is there
 * and once more a day later, when workers of before have been replaced. A directory that fails keeps no other waiting; throws what
 * failed when all had their turn.
 */
export async function checkSearchTerms(dataSource: DataSource, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  let after = '';
  do {
    const due = await dataSource.query<DueCheck[]>(
      'SELECT environment_id, directory_id, checks_left FROM find_search_term_checks($1, $2)',
      [after, BATCH],
    );
    for (const check of due) {
      if (signal.aborted) break;
      await checkDirectory(dataSource, check, signal).catch((error: unknown) => failures.push(error));
    }
    after = due.length < BATCH ? '' : (due.at(-1)?.directory_id ?? '');
  } while (after !== '' && !signal.aborted);
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
}

async function checkDirectory(
  dataSource: DataSource,
  { environment_id: environmentId, directory_id: directoryId, checks_left }: DueCheck,
  signal: AbortSignal,
): Promise<void> {
  const tenant = { environmentId, directoryId };
  for (const step of [indexUsers, indexGroups, removeOrphans]) {
    let after: string | null = '';
    while (after !== null) {
      if (signal.aborted) return;
      const from: string = after;
      after = await tenantTransaction(dataSource, tenant, (manager) => step(manager, tenant, from));
    }
  }
  // Of several workers one counts.
  await tenantTransaction(dataSource, tenant, (manager) =>
    manager.query(
      `UPDATE directory_counters SET terms_checks_left = terms_checks_left - 1, terms_check_time = now() + interval '1 day'
       WHERE directory_id = $1 AND terms_checks_left = $2`,
      [directoryId, checks_left],
    ),
  );
}

/** Gives the next users theirs; returns the last one's id, or null when there are no more. */
async function indexUsers(manager: EntityManager, { directoryId }: Tenant, after: string): Promise<string | null> {
  const rows = await findUnindexed<UserData>(manager, 'published_users', directoryId, after, readPublishedUser);
  if (rows.length === 0) return null;
  await run(manager, [
    [
      `UPDATE published_users p SET terms_sequence = p.sequence, name_key = k.name_key, email_key = k.email_key
       FROM unnest($2::text[], $3::text[], $4::text[]) AS k (id, name_key, email_key)
       WHERE p.directory_id = $1 AND p.id = k.id`,
      [
        directoryId,
        rows.map(({ id }) => id),
        rows.map(({ data }) => userNameKey(data)),
        rows.map(({ data }) => userEmailKey(data)),
      ],
    ],
    ...rewriteTerms(directoryId, { users: rows }),
  ]);
  return rows.length < SLICE ? null : (rows.at(-1)?.id ?? null);
}

/** The same of groups. */
async function indexGroups(manager: EntityManager, { directoryId }: Tenant, after: string): Promise<string | null> {
  const rows = await findUnindexed<GroupData>(manager, 'published_groups', directoryId, after, readPublishedGroup);
  if (rows.length === 0) return null;
  await run(manager, [
    [
      'UPDATE published_groups SET terms_sequence = sequence WHERE directory_id = $1 AND id = ANY ($2)',
      [directoryId, rows.map(({ id }) => id)],
    ],
    ...rewriteTerms(directoryId, { groups: rows }),
  ]);
  return rows.length < SLICE ? null : (rows.at(-1)?.id ?? null);
}

type Row<Data> = { id: string } & Published<Data>;

/** Locks them, so that none is published otherwise meanwhile. The ones that are being published are left to whoever does. */
async function findUnindexed<Data>(
  manager: EntityManager,
  table: 'published_users' | 'published_groups',
  directoryId: string,
  after: string,
  read: (text: string) => Data,
): Promise<Row<Data>[]> {
  const rows = await manager.query<{ id: string; sequence: string; data: string }[]>(
    `SELECT id, sequence, data FROM ${table}
     WHERE directory_id = $1 AND id > $2 AND terms_sequence IS DISTINCT FROM sequence
     ORDER BY id LIMIT ${SLICE} FOR UPDATE SKIP LOCKED`,
    [directoryId, after],
  );
  return rows.map(({ id, sequence, data }) => ({ id, sequence: Number(sequence), data: read(data) }));
}

function rewriteTerms(
  directoryId: string,
  { users = [], groups = [] }: { users?: Row<UserData>[]; groups?: Row<GroupData>[] },
): Statement[] {
  const published = {
    users: new Map(users.map((user) => [user.id, user])),
    groups: new Map(groups.map((group) => [group.id, group])),
    unindexed: new Set([...users, ...groups].map(({ id }) => id)),
  };
  return writeSearchTerms(directoryId, published, {
    users: { upserts: users, deletes: [] },
    groups: { upserts: groups, deletes: [] },
  });
}

/** Removes the terms of whoever of the next is not published any more; returns the last one's id, or null when there are no more. */
async function removeOrphans(manager: EntityManager, { directoryId }: Tenant, after: string): Promise<string | null> {
  const [row] = await manager.query<{ last_id: string | null; owners: string }[]>(
    `WITH RECURSIVE owners (id, n) AS (
       (SELECT t.id, 1 FROM search_terms t WHERE t.directory_id = $1 AND t.id > $2 ORDER BY t.id LIMIT 1)
       UNION ALL
       SELECT (SELECT t.id FROM search_terms t WHERE t.directory_id = $1 AND t.id > o.id ORDER BY t.id LIMIT 1), o.n + 1
       FROM owners o WHERE o.id IS NOT NULL AND o.n < ${OWNERS}
     ), gone AS MATERIALIZED (
       SELECT o.id FROM owners o WHERE o.id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM published_users p WHERE p.directory_id = $1 AND p.id = o.id)
         AND NOT EXISTS (SELECT 1 FROM published_groups p WHERE p.directory_id = $1 AND p.id = o.id)
     ), removed AS (
       DELETE FROM search_terms t USING gone g WHERE t.directory_id = $1 AND t.id = g.id
     )
     SELECT max(id) AS last_id, count(id) AS owners FROM owners`,
    [directoryId, after],
  );
  return Number(row?.owners) < OWNERS ? null : (row?.last_id ?? null);
}

async function run(manager: EntityManager, statements: readonly Statement[]): Promise<void> {
  await inPipeline(...statements.map(([sql, parameters]) => manager.query<unknown>(sql, [...parameters])));
}
