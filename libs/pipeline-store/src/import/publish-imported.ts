import type { DataSource, EntityManager } from 'typeorm';
import { OPERATOR, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { GroupRecord, UserRecord } from '@rollcall/directory';
import { limitBatch, normalizeChanges } from '@rollcall/events';
import type { Change, NormalizedBatch } from '@rollcall/events';
import { newId, publicId } from '@rollcall/platform';
import { loadPublishedState } from '../drain/load-published-state';
import { loadRules } from '../drain/load-rules';
import { lockCounter } from '../drain/lock-counter';
import type { LockedCounter } from '../drain/lock-counter';
import { writeBatch } from '../drain/write-batch';
import type { BatchTenant } from '../drain/write-batch';

/** A group as another service had it. */
export interface ImportedGroup extends GroupRecord {
  /** Its bare id here, the same however often it is imported. */
  id: string;
  externalIds: Record<string, string>;
}

/** A user as another service had it. */
export interface ImportedUser extends UserRecord {
  id: string;
  externalIds: Record<string, string>;
  /** Bare ids of groups; those that are not there are left out. */
  groupIds: readonly string[];
}

/** How many were stored; the others were there, or their names were. */
export interface PublishedPeople {
  users: number;
  groups: number;
}

/**
 * Stores people whom consumers know already from another service: as an identity provider would have written them, and as published,
 * without an event. Their next change is an update. Whoever is there by id, `userName` or `displayName` stays as it is; from its first
 * request on the identity provider knows best, and nothing is stored any more.
 * @param people some hundred at a time: they are one transaction, which holds the lock of the directory's drain
 */
export async function publishImported(
  dataSource: DataSource,
  tenant: BatchTenant,
  { users, groups }: { users: readonly ImportedUser[]; groups: readonly ImportedGroup[] },
): Promise<PublishedPeople> {
  const { environmentId, organizationId, directoryId } = tenant;
  return tenantTransaction(dataSource, tenant, async (manager) => {
    const counter = await lockCounter(manager, directoryId);
    if (await isReached(manager, tenant)) return { users: 0, groups: 0 };
    const newGroups = pick(groups, await insertGroups(manager, directoryId, groups));
    const newUsers = pick(users, await insertUsers(manager, directoryId, users));
    const counts = { users: newUsers.length, groups: newGroups.length };
    if (counts.users + counts.groups === 0) return counts;
    const membersOf = await insertMemberships(manager, directoryId, newUsers);
    await publish(manager, tenant, counter, { users: newUsers, groups: newGroups, membersOf });
    await manager.query(
      'UPDATE directory_counters SET total_users = total_users + $2, total_groups = total_groups + $3 WHERE directory_id = $1',
      [directoryId, counts.users, counts.groups],
    );
    await writeAuditEntries(manager, environmentId, OPERATOR, [
      {
        action: 'directory.updated',
        target: { type: 'directory', id: publicId('dir', directoryId) },
        organizationId,
        changes: {
          imported_users: { from: null, to: counts.users },
          imported_groups: { from: null, to: counts.groups },
        },
      },
    ]);
    return counts;
  });
}

/** Also when the directory is gone. */
async function isReached(manager: EntityManager, { environmentId, directoryId }: BatchTenant): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM directories WHERE environment_id = $1 AND id = $2 AND deleted_time IS NULL AND first_request_time IS NULL`,
    [environmentId, directoryId],
  );
  return rows.length === 0;
}

function pick<Item extends { id: string }>(items: readonly Item[], ids: ReadonlySet<string>): Item[] {
  return items.filter(({ id }) => ids.has(id));
}

async function insertGroups(
  manager: EntityManager,
  directoryId: string,
  groups: readonly ImportedGroup[],
): Promise<Set<string>> {
  if (groups.length === 0) return new Set();
  const rows = await manager.query<{ id: string }[]>(
    `INSERT INTO directory_groups (directory_id, id, display_name_key, external_id, created, last_modified, resource)
     SELECT $1, g.id, g.display_name_key, g.external_id, n.now, n.now, g.resource::jsonb
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS g (id, display_name_key, external_id, resource),
       date_trunc('milliseconds', clock_timestamp()) AS n (now)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      directoryId,
      groups.map(({ id }) => id),
      groups.map(({ columns }) => columns.displayNameKey),
      groups.map(({ columns }) => columns.externalId),
      groups.map(({ resource }) => JSON.stringify(resource)),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

async function insertUsers(
  manager: EntityManager,
  directoryId: string,
  users: readonly ImportedUser[],
): Promise<Set<string>> {
  if (users.length === 0) return new Set();
  const rows = await manager.query<{ id: string }[]>(
    `INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active, created,
       last_modified, resource)
     SELECT $1, u.id, u.user_name_key, u.external_id, u.display_name_key, ARRAY(SELECT json_array_elements_text(u.email_keys::json)),
       u.active, n.now, n.now, u.resource::jsonb
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[])
       AS u (id, user_name_key, external_id, display_name_key, email_keys, active, resource),
       date_trunc('milliseconds', clock_timestamp()) AS n (now)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      directoryId,
      users.map(({ id }) => id),
      users.map(({ columns }) => columns.userNameKey),
      users.map(({ columns }) => columns.externalId),
      users.map(({ columns }) => columns.displayNameKey),
      users.map(({ columns }) => JSON.stringify(columns.emailKeys)),
      users.map(({ columns }) => columns.active),
      users.map(({ resource }) => JSON.stringify(resource)),
    ],
  );
  const ids = new Set(rows.map(({ id }) => id));
  const emails = pick(users, ids).flatMap(({ id, columns }) => columns.emailKeys.map((key) => ({ id, key })));
  await manager.query(
    `INSERT INTO directory_user_emails (directory_id, value_key, user_id)
     SELECT $1, e.* FROM unnest($2::text[], $3::text[]) AS e`,
    [directoryId, emails.map(({ key }) => key), emails.map(({ id }) => id)],
  );
  return ids;
}

/** Puts users into those of their groups that are there. Returns the users by group. */
async function insertMemberships(
  manager: EntityManager,
  directoryId: string,
  users: readonly ImportedUser[],
): Promise<Map<string, string[]>> {
  const wanted = users.flatMap(({ id, groupIds }) => groupIds.map((groupId) => ({ id, groupId })));
  const rows = await manager.query<{ group_id: string; member_id: string }[]>(
    `INSERT INTO memberships (directory_id, group_id, member_id, member_type)
     SELECT $1, m.group_id, m.member_id, 'User' FROM unnest($2::text[], $3::text[]) AS m (group_id, member_id)
       JOIN directory_groups g ON g.directory_id = $1 AND g.id = m.group_id
     ON CONFLICT DO NOTHING RETURNING group_id, member_id`,
    [directoryId, wanted.map(({ groupId }) => groupId), wanted.map(({ id }) => id)],
  );
  const members = new Map<string, string[]>();
  for (const { group_id: groupId, member_id: id } of rows) members.set(groupId, [...(members.get(groupId) ?? []), id]);
  return members;
}

interface Stored {
  users: readonly ImportedUser[];
  groups: readonly ImportedGroup[];
  /** By group. */
  membersOf: ReadonlyMap<string, string[]>;
}

/** Publishes what the same changes would have made as a batch of the drain, but for its events: they have no number of their own. */
async function publish(
  manager: EntityManager,
  tenant: BatchTenant,
  counter: LockedCounter,
  stored: Stored,
): Promise<void> {
  const changes = describeChanges(stored);
  const published = await loadPublishedState(manager, tenant.directoryId, changes, { counter, limits: limitBatch(0) });
  const { lastSequence, epoch } = counter;
  const roles = await loadRules(manager, tenant);
  const batch = normalizeChanges(changes, published, { ...tenant, roles, lastSequence, epoch, newEventId: newId });
  const [failed] = batch.setAside;
  if (failed) throw new Error(`An imported resource cannot be normalized: ${failed.error}`);
  await writeBatch(manager, tenant, {
    claimed: [],
    counter,
    published,
    batch: withoutEvents(batch, lastSequence),
  });
}

function describeChanges({ users, groups, membersOf }: Stored): Change[] {
  const base = () => ({ id: newId(), occurredAt: new Date() });
  return [
    ...groups.map((one): Change => ({ ...base(), kind: 'group_written', resourceId: one.id, ...importedOf(one) })),
    ...users.map((one): Change => ({ ...base(), kind: 'user_written', resourceId: one.id, ...importedOf(one) })),
    ...[...membersOf].map(([resourceId, added]): Change => ({
      ...base(),
      kind: 'members_changed',
      resourceId,
      added,
      removed: [],
    })),
  ];
}

function importedOf({ resource, externalIds }: ImportedUser | ImportedGroup) {
  return { resource, externalIds };
}

function withoutEvents(batch: NormalizedBatch, sequence: number): NormalizedBatch {
  const settle = <Published extends object>(upserts: Published[]) => upserts.map((one) => ({ ...one, sequence }));
  return {
    ...batch,
    events: [],
    lastSequence: sequence,
    consumedChangeIds: [],
    users: { ...batch.users, upserts: settle(batch.users.upserts) },
    groups: { ...batch.groups, upserts: settle(batch.groups.upserts) },
  };
}
