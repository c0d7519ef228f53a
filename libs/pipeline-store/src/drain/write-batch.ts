import type { EntityManager } from 'typeorm';
import { inPipeline, prepared } from '@rollcall/database';
import { userEmailKey, userNameKey } from '@rollcall/directory';
import type { Membership, NormalizedBatch, NormalizedEvent } from '@rollcall/events';
import type { ClaimedChange } from './claim-changes';
import { findFirsts } from './find-firsts';
import type { LoadedState } from './load-published-state';
import type { LockedCounter } from './lock-counter';
import type { Statement } from './statement';
import { storeDeprovisioning } from './write-deprovisioning';
import { writeSearchTerms } from './write-search-terms';

/** Bare ids of the tenant that a batch belongs to. */
export interface BatchTenant {
  environmentId: string;
  organizationId: string;
  directoryId: string;
}

/** One event for one webhook endpoint. */
export interface NewDelivery {
  id: string;
  endpointId: string;
  event: NormalizedEvent;
}

/** A batch, what it was made of and the counter row that it was read under. */
export interface BatchToWrite {
  claimed: readonly ClaimedChange[];
  counter: LockedCounter;
  /** What was published before it. */
  published: LoadedState;
  batch: NormalizedBatch;
}

/**
 * Writes what a batch became: events, published objects, the counter; and consumes its changes. All set-wise, and none of
 * the statements needs another's answer: they go out together.
 */
export async function writeBatch(
  manager: EntityManager,
  tenant: BatchTenant,
  { claimed, counter, published, batch }: BatchToWrite,
): Promise<void> {
  const { directoryId } = tenant;
  const statements = [
    ...insertEvents(tenant, batch.events),
    ...writePublishedUsers(directoryId, batch.users),
    ...writePublishedGroups(directoryId, batch.groups),
    ...writeSearchTerms(directoryId, published, batch),
    ...removeMemberships(directoryId, batch.memberships.removes),
    ...addMemberships(directoryId, batch.memberships.adds),
    ...dropDeletedMemberships(directoryId, batch),
    ...writeRulesProgress(directoryId, batch),
    ...markSetAside(directoryId, batch.setAside),
    ...consumeChanges(directoryId, { claimed, counter, batch }),
  ];
  await inPipeline(...statements.map(([sql, parameters]) => manager.query<unknown>(sql, [...parameters])));
}

function insertEvents(tenant: BatchTenant, events: readonly NormalizedEvent[]): Statement[] {
  if (events.length === 0) return [];
  return [
    [
      INSERT_EVENTS,
      [
        tenant.directoryId,
        tenant.environmentId,
        tenant.organizationId,
        events.map((event) => event.id),
        events.map((event) => event.sequence),
        events.map((event) => event.type),
        events.map((event) => event.resourceId),
        events.map((event) => event.occurredAt),
        events.map((event) => event.body),
        events.map((event) => event.requestId),
      ],
    ],
  ];
}

function writePublishedUsers(directoryId: string, { upserts, deletes }: NormalizedBatch['users']): Statement[] {
  const statements = deletePublished(directoryId, 'published_users', deletes);
  if (upserts.length === 0) return statements;
  return [
    ...statements,
    [
      PUBLISH_USERS,
      [
        ...publishedColumns(directoryId, upserts),
        upserts.map(({ data }) => userNameKey(data)),
        upserts.map(({ data }) => userEmailKey(data)),
      ],
    ],
  ];
}

function writePublishedGroups(directoryId: string, { upserts, deletes }: NormalizedBatch['groups']): Statement[] {
  const statements = deletePublished(directoryId, 'published_groups', deletes);
  if (upserts.length === 0) return statements;
  return [...statements, [PUBLISH_GROUPS, publishedColumns(directoryId, upserts)]];
}

function deletePublished(directoryId: string, table: string, deletes: readonly string[]): Statement[] {
  if (deletes.length === 0) return [];
  return [[`DELETE FROM ${table} WHERE directory_id = $1 AND id = ANY ($2)`, [directoryId, deletes]]];
}

function publishedColumns(
  directoryId: string,
  upserts: readonly { id: string; sequence: number; data: object }[],
): unknown[] {
  return [
    directoryId,
    upserts.map(({ id }) => id),
    upserts.map(({ sequence }) => sequence),
    upserts.map(({ data }) => JSON.stringify(data)),
  ];
}

function removeMemberships(directoryId: string, removes: readonly Membership[]): Statement[] {
  if (removes.length === 0) return [];
  return [
    [
      `DELETE FROM published_memberships p USING unnest($2::text[], $3::text[]) AS r (group_id, user_id)
       WHERE p.directory_id = $1 AND p.group_id = r.group_id AND p.user_id = r.user_id`,
      [directoryId, removes.map((row) => row.groupId), removes.map((row) => row.userId)],
    ],
  ];
}

function addMemberships(directoryId: string, adds: readonly Membership[]): Statement[] {
  if (adds.length === 0) return [];
  return [
    [
      `INSERT INTO published_memberships (directory_id, group_id, user_id)
       SELECT $1, a.* FROM unnest($2::text[], $3::text[]) AS a ON CONFLICT DO NOTHING`,
      [directoryId, adds.map((row) => row.groupId), adds.map((row) => row.userId)],
    ],
  ];
}

/** A group deleted over SCIM left its membership rows to us: the users of this slice lose theirs here, nested groups with the last. */
function dropDeletedMemberships(directoryId: string, batch: NormalizedBatch): Statement[] {
  const deletedGroups = batch.groups.deletes;
  const { removes } = batch.memberships;
  const statements: Statement[] = [];
  if (removes.length > 0) {
    statements.push([
      `DELETE FROM memberships m USING unnest($2::text[], $3::text[]) AS r (group_id, member_id)
       WHERE m.directory_id = $1 AND m.group_id = r.group_id AND m.member_id = r.member_id
         AND NOT EXISTS (SELECT 1 FROM directory_groups g WHERE g.directory_id = $1 AND g.id = m.group_id)`,
      [directoryId, removes.map((row) => row.groupId), removes.map((row) => row.userId)],
    ]);
  }
  if (deletedGroups.length === 0) return statements;
  const parameters = [directoryId, deletedGroups];
  return [
    ...statements,
    [`DELETE FROM memberships WHERE directory_id = $1 AND member_id = ANY ($2)`, parameters],
    [`DELETE FROM memberships WHERE directory_id = $1 AND group_id = ANY ($2) AND member_type = 'Group'`, parameters],
    [`DELETE FROM unresolved_members WHERE directory_id = $1 AND group_id = ANY ($2)`, parameters],
  ];
}

/** Moves the job of each rules change on. A superseded change has no job any more: the newer one's is left alone. */
function writeRulesProgress(directoryId: string, { rulesProgress, consumedChangeIds }: NormalizedBatch): Statement[] {
  return rulesProgress.map(({ changeId, userIds }): Statement => {
    const finished = consumedChangeIds.includes(changeId);
    return [
      `UPDATE rules_jobs SET done = done + $3, last_user_id = coalesce($4, last_user_id),
         total = CASE WHEN $5 THEN done + $3 ELSE greatest(total, done + $3) END,
         state = CASE WHEN $5 THEN 'finished' ELSE 'running' END, finish_time = CASE WHEN $5 THEN now() END
       WHERE directory_id = $1 AND change_id = $2`,
      [directoryId, changeId, userIds.length, userIds.at(-1) ?? null, finished],
    ];
  });
}

function markSetAside(directoryId: string, setAside: NormalizedBatch['setAside']): Statement[] {
  if (setAside.length === 0) return [];
  return [
    [
      `UPDATE changes c SET set_aside_time = now(), set_aside_error = s.error
       FROM unnest($2::bigint[], $3::text[]) AS s (id, error) WHERE c.directory_id = $1 AND c.id = s.id`,
      [directoryId, setAside.map((row) => row.changeId), setAside.map((row) => row.error)],
    ],
  ];
}

function consumeChanges(
  directoryId: string,
  { claimed, counter, batch }: Omit<BatchToWrite, 'published'>,
): Statement[] {
  const consumedIds = new Set(batch.consumedChangeIds);
  const consumed = claimed.filter(({ change }) => consumedIds.has(change.id));
  const resourceTimes = consumed.flatMap(({ change }) => ('resourceId' in change ? [change.occurredAt.getTime()] : []));
  const wholeIds = consumed.filter(({ rest }) => rest === null).map(({ change }) => change.id);
  const firsts = findFirsts(batch);
  const statements: Statement[] = [];
  if (wholeIds.length > 0) {
    statements.push([CONSUME_CHANGES, [directoryId, wholeIds]]);
  }
  for (const { change, rest } of consumed) {
    if (rest === null) continue;
    statements.push([
      `UPDATE changes SET added = $3, removed = $4, set_aside_time = NULL, set_aside_error = NULL
       WHERE directory_id = $1 AND id = $2`,
      [directoryId, change.id, rest.added, rest.removed],
    ]);
  }
  statements.push([
    COUNT,
    [
      directoryId,
      batch.lastSequence,
      consumed.reduce((sum, { usersDelta }) => sum + usersDelta, 0),
      consumed.reduce((sum, { groupsDelta }) => sum + groupsDelta, 0),
      resourceTimes.length > 0 ? new Date(Math.max(...resourceTimes)) : null,
      storeDeprovisioning(counter, batch.deprovisioning),
      firsts.user,
      firsts.group,
      firsts.member,
      firsts.role,
      firsts.deactivation,
    ],
  ]);
  return statements;
}

const INSERT_EVENTS = prepared(
  `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body,
     request_id)
   SELECT $1, $2, $3, e.*
   FROM unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::text[]) AS e`,
);

const PUBLISH_USERS = prepared(
  `INSERT INTO published_users (directory_id, id, sequence, terms_sequence, data, name_key, email_key)
   SELECT $1, p.id, p.sequence, p.sequence, p.data, p.name_key, p.email_key
   FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[]) AS p (id, sequence, data, name_key, email_key)
   ON CONFLICT (directory_id, id) DO UPDATE SET sequence = excluded.sequence, terms_sequence = excluded.sequence,
     data = excluded.data, name_key = excluded.name_key, email_key = excluded.email_key`,
);

const PUBLISH_GROUPS = prepared(
  `INSERT INTO published_groups (directory_id, id, sequence, terms_sequence, data)
   SELECT $1, p.id, p.sequence, p.sequence, p.data FROM unnest($2::text[], $3::bigint[], $4::text[]) AS p (id, sequence, data)
   ON CONFLICT (directory_id, id) DO UPDATE SET sequence = excluded.sequence, terms_sequence = excluded.sequence,
     data = excluded.data`,
);

const CONSUME_CHANGES = prepared(`DELETE FROM changes WHERE directory_id = $1 AND id = ANY ($2::bigint[])`);

const COUNT = prepared(
  `UPDATE directory_counters SET last_sequence = $2, total_users = total_users + $3, total_groups = total_groups + $4,
     last_synced_at = greatest(last_synced_at, $5), deprovisioning = coalesce($6, deprovisioning),
     first_user_time = coalesce(first_user_time, $7), first_group_time = coalesce(first_group_time, $8),
     first_member_time = coalesce(first_member_time, $9), first_role_time = coalesce(first_role_time, $10),
     first_deactivation_time = coalesce(first_deactivation_time, $11)
   WHERE directory_id = $1`,
);
