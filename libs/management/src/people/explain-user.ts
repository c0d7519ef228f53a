import type { DataSource, EntityManager } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import type { AssignmentRules } from '@rollcall/events';
import type { DirectoryScope } from '../directories/find-directory';
import { readTracedId } from '@rollcall/platform';
import { LONG_READ_MS } from '../paging/read-page';
import { readDirectoryUser } from './list-directory-users';
import type { UserRow } from './list-directory-users';

/** When something came, and by which request; both null: before what is kept of events, or by no request. */
export interface Origin {
  time: Date | null;
  /** Bare id. */
  requestId: string | null;
}

/** What is known of how a user came to be as it is. */
export interface UserExplanation {
  user: UserRow;
  rules: AssignmentRules;
  /** By normalized field, `custom_attributes.<name>` for the application's own: the last event that changed it. */
  origins: ReadonlyMap<string, Origin>;
  /** Of fields that no kept event has changed: the event that made the user, if it is kept. */
  created: Origin;
  /** By bare id of each group of the user. */
  memberships: ReadonlyMap<string, Origin>;
  /** Its deprovisioning is held back, or was discarded. */
  held: { time: Date; kind: 'DELETE' | 'DEACTIVATE'; isDiscarded: boolean } | null;
  /** Whether changes of it wait for the worker. */
  isPending: boolean;
}

/** Events of a user that are looked at, newest first, and how long they may be together: one may have 256 kB. */
const EVENTS = 300;
const EVENTS_SIZE = 8 * 1024 * 1024;
/** Changes that wait: so many of the newest are looked at. */
const PENDING_EXAMINED = 10_000;

/** Says where a user's values come from. Throws AppError `directory_not_found`, `user_not_found`. */
export async function explainUser(
  dataSource: DataSource,
  scope: DirectoryScope,
  userId: string,
): Promise<UserExplanation> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    const { user, rules } = await readDirectoryUser(manager, scope, userId);
    const events = await readEvents(manager, scope, userId);
    const made = events.find(({ is_created }) => is_created);
    const state = await readState(manager, scope, userId);
    return {
      user,
      rules,
      origins: findOrigins(events),
      created: originOf(made),
      memberships: findMemberships(user, events, originOf(made)),
      ...state,
    };
  });
}

interface EventRow {
  occurred_at: Date;
  request_id: string | null;
  is_created: boolean;
  fields: string[];
  custom: string[];
  /** Public ids of the groups before the event; null unless it changed them. */
  groups_before: string[] | null;
}

/** OFFSET 0 keeps the planner from parsing a body once for each time that it is named. */
async function readEvents(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  userId: string,
): Promise<EventRow[]> {
  const { rows } = await runStatement<EventRow>(
    manager,
    `SELECT e.occurred_at, e.request_id, e.type LIKE '%.user_created' AS is_created,
       ARRAY(SELECT jsonb_object_keys(CASE jsonb_typeof(b.previous) WHEN 'object' THEN b.previous END)) AS fields,
       ARRAY(SELECT jsonb_object_keys(CASE jsonb_typeof(b.previous -> 'custom_attributes') WHEN 'object'
         THEN b.previous -> 'custom_attributes' END)) AS custom,
       CASE jsonb_typeof(b.previous -> 'groups') WHEN 'array' THEN ARRAY(
         SELECT g ->> 'id' FROM jsonb_array_elements(b.previous -> 'groups') AS g) END AS groups_before
     FROM (SELECT x.*, sum(octet_length(x.body)) OVER (ORDER BY x.sequence DESC) AS size FROM (
         SELECT * FROM events y WHERE y.directory_id = $1 AND y.resource_id = $2 ORDER BY y.sequence DESC LIMIT ${EVENTS}) x) e
       CROSS JOIN LATERAL (SELECT e.body::jsonb -> 'previous_attributes' AS previous OFFSET 0) b
     WHERE e.size <= ${EVENTS_SIZE} ORDER BY e.sequence DESC`,
    [directoryId, userId],
  );
  return rows;
}

function originOf(event: EventRow | undefined): Origin {
  const requestId = event?.request_id == null ? null : readTracedId(event.request_id).id;
  return { time: event?.occurred_at ?? null, requestId };
}

function findOrigins(newestFirst: readonly EventRow[]): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const event of newestFirst) {
    for (const field of [...event.fields, ...event.custom.map((name) => `custom_attributes.${name}`)]) {
      if (!origins.has(field)) origins.set(field, originOf(event));
    }
  }
  return origins;
}

/** A user joined a group with the newest event before which it was not in it. */
function findMemberships(user: UserRow, newestFirst: readonly EventRow[], made: Origin): Map<string, Origin> {
  const moves = newestFirst.filter(({ groups_before }) => groups_before !== null);
  return new Map(
    user.groups.map(({ id }) => {
      const joined = moves.find(({ groups_before }) => !groups_before?.includes(`dirgroup_${id}`));
      return [id, joined ? originOf(joined) : made] as const;
    }),
  );
}

async function readState(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  userId: string,
): Promise<Pick<UserExplanation, 'held' | 'isPending'>> {
  const { rows } = await runStatement<{
    held_time: Date | null;
    is_deleted: boolean;
    is_discarded: boolean;
    pending: boolean;
  }>(
    manager,
    `SELECT h.held_time, h.resource IS NULL AS is_deleted, h.hold_id IS NULL AS is_discarded, EXISTS (
       SELECT 1 FROM (SELECT c.resource_id FROM changes c WHERE c.directory_id = $1 ORDER BY c.id DESC LIMIT ${PENDING_EXAMINED}) c
       WHERE c.resource_id = $2) AS pending
     FROM (SELECT 1) one LEFT JOIN held_users h ON h.directory_id = $1 AND h.user_id = $2`,
    [directoryId, userId],
  );
  const [row] = rows;
  const held = row?.held_time
    ? { time: row.held_time, kind: row.is_deleted ? ('DELETE' as const) : ('DEACTIVATE' as const) }
    : null;
  return { held: held && { ...held, isDiscarded: row?.is_discarded ?? false }, isPending: row?.pending ?? false };
}
