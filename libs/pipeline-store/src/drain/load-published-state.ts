import type { EntityManager } from 'typeorm';
import { readPublishedGroup, readPublishedUser, requiredState } from '@rollcall/events';
import type { Change, HeldUser, MemberSlice, Published, PublishedState, UserSlice } from '@rollcall/events';
import { loadDeprovisioning } from './load-deprovisioning';
import type { LockedCounter } from './lock-counter';

/** Members of a deleted group that one batch updates, or users it applies changed rules to. */
const SLICE = 500;

/**
 * Loads what has been published of everything the changes touch, in at most four set-wise queries (plus one per deleted group,
 * changed rules or decision, and two where the deprovision guard is on or holds users).
 */
export async function loadPublishedState(
  manager: EntityManager,
  directoryId: string,
  changes: readonly Change[],
  counter: LockedCounter,
): Promise<PublishedState> {
  const required = requiredState(changes);
  const deletedGroupMembers = new Map<string, MemberSlice>();
  for (const groupId of required.deletedGroupIds) {
    deletedGroupMembers.set(groupId, await loadSlice(manager, directoryId, groupId));
  }
  const rulesSlices = new Map<string, UserSlice>();
  for (const changeId of required.rulesChangeIds) {
    rulesSlices.set(changeId, await loadRulesSlice(manager, directoryId, changeId));
  }
  const slices = [...deletedGroupMembers.values(), ...rulesSlices.values()];
  const touched = [...required.userIds, ...slices.flatMap((slice) => slice.userIds)];
  const deprovisioning = await loadDeprovisioning(manager, directoryId, counter, required, touched);
  const held = deprovisioning?.held ?? new Map<string, HeldUser>();
  const userIds = [...new Set([...touched, ...held.keys()])];
  const users = await loadPublished(manager, USERS, directoryId, userIds);
  const groupIdsOfUser = await loadGroupIds(manager, directoryId, userIds);
  const moved = [...held.values()].flatMap(({ memberships }) => [...memberships.keys()]);
  const groupIds = new Set([...required.groupIds, ...moved, ...[...groupIdsOfUser.values()].flat()]);
  const groups = await loadPublished(manager, GROUPS, directoryId, [...groupIds]);
  return { users, groups, groupIdsOfUser, deletedGroupMembers, rulesSlices, deprovisioning };
}

async function loadSlice(manager: EntityManager, directoryId: string, groupId: string): Promise<MemberSlice> {
  const rows = await manager.query<{ user_id: string }[]>(
    `SELECT user_id FROM published_memberships WHERE directory_id = $1 AND group_id = $2 ORDER BY user_id LIMIT ${SLICE + 1}`,
    [directoryId, groupId],
  );
  return { userIds: rows.slice(0, SLICE).map((row) => row.user_id), more: rows.length > SLICE };
}

/**
 * The next users of a rules job. Nobody when the change was superseded, or when the directory is deleted: `directory_deleted`
 * stands for all its users.
 */
async function loadRulesSlice(manager: EntityManager, directoryId: string, changeId: string): Promise<UserSlice> {
  const [job] = await manager.query<{ last_user_id: string }[]>(
    `SELECT j.last_user_id FROM rules_jobs j JOIN directories d ON d.environment_id = j.environment_id AND d.id = j.directory_id
     WHERE j.directory_id = $1 AND j.change_id = $2 AND d.deleted_time IS NULL`,
    [directoryId, changeId],
  );
  if (!job) return { userIds: [], more: false };
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM published_users WHERE directory_id = $1 AND id > $2 ORDER BY id LIMIT ${SLICE + 1}`,
    [directoryId, job.last_user_id],
  );
  return { userIds: rows.slice(0, SLICE).map((row) => row.id), more: rows.length > SLICE };
}

const USERS = { table: 'published_users', read: readPublishedUser };
const GROUPS = { table: 'published_groups', read: readPublishedGroup };

async function loadPublished<Data>(
  manager: EntityManager,
  { table, read }: { table: string; read: (text: string) => Data },
  directoryId: string,
  ids: readonly string[],
): Promise<Map<string, Published<Data>>> {
  if (ids.length === 0) return new Map();
  const rows = await manager.query<{ id: string; sequence: string; data: string }[]>(
    `SELECT id, sequence, data FROM ${table} WHERE directory_id = $1 AND id = ANY ($2)`,
    [directoryId, ids],
  );
  return new Map(rows.map((row) => [row.id, { data: read(row.data), sequence: Number(row.sequence) }]));
}

async function loadGroupIds(
  manager: EntityManager,
  directoryId: string,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await manager.query<{ user_id: string; group_ids: string[] }[]>(
    `SELECT user_id, array_agg(group_id ORDER BY group_id) AS group_ids FROM published_memberships
     WHERE directory_id = $1 AND user_id = ANY ($2) GROUP BY user_id`,
    [directoryId, userIds],
  );
  return new Map(rows.map((row) => [row.user_id, row.group_ids]));
}
