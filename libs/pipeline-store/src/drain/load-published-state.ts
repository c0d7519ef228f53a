import type { EntityManager } from 'typeorm';
import {
  cutSlice,
  MANAGER_NAME_MAX,
  readManagerId,
  readPublishedGroup,
  readPublishedUser,
  requiredState,
} from '@rollcall/events';
import type {
  BatchLimits,
  Change,
  HeldUser,
  KnownManager,
  MemberSlice,
  Published,
  PublishedState,
  UserSlice,
} from '@rollcall/events';
import { inPipeline, prepared } from '@rollcall/database';
import { runInSlices } from '@rollcall/platform';
import { loadDeprovisioning } from './load-deprovisioning';
import type { BatchBounds } from './batch-bounds';

/** What is published, and which users and groups of it have search terms of something else. */
export interface LoadedState extends PublishedState {
  unindexed: ReadonlySet<string>;
}

/**
 * Loads what has been published of everything the changes touch, in at most five set-wise queries and two round trips (plus one per
 * deleted group, changed rules or decision, and two where the deprovision guard is on or holds users).
 */
export async function loadPublishedState(
  manager: EntityManager,
  directoryId: string,
  changes: readonly Change[],
  { counter, limits }: BatchBounds,
): Promise<LoadedState> {
  const required = requiredState(changes);
  const deletedGroupMembers = new Map<string, MemberSlice>();
  for (const groupId of required.deletedGroupIds) {
    deletedGroupMembers.set(groupId, await loadSlice(manager, directoryId, groupId, limits));
  }
  const rulesSlices = new Map<string, UserSlice>();
  for (const changeId of required.rulesChangeIds) {
    rulesSlices.set(changeId, await loadRulesSlice(manager, directoryId, changeId, limits));
  }
  const slices = [...deletedGroupMembers.values(), ...rulesSlices.values()];
  const touched = [...required.userIds, ...slices.flatMap((slice) => slice.userIds)];
  const deprovisioning = await loadDeprovisioning(manager, directoryId, { counter, limits }, required, touched);
  const held = deprovisioning?.held ?? new Map<string, HeldUser>();
  const userIds = [...new Set([...touched, ...held.keys()])];
  const unindexed = new Set<string>();
  const [users, groupIdsOfUser] = await inPipeline(
    loadPublished(manager, USERS, directoryId, userIds, unindexed),
    loadGroupIds(manager, directoryId, userIds),
  );
  const moved = [...held.values()].flatMap(({ memberships }) => [...memberships.keys()]);
  const groupIds = new Set([...required.groupIds, ...moved, ...[...groupIdsOfUser.values()].flat()]);
  const heldManagers = [...held.values()].flatMap(({ resource }) => (resource && readManagerId(resource)) ?? []);
  const managerIds = [...new Set([...required.managerIds, ...heldManagers])].filter((id) => !users.has(id));
  const [groups, managers] = await inPipeline(
    loadPublished(manager, GROUPS, directoryId, [...groupIds], unindexed),
    loadManagers(manager, directoryId, managerIds),
  );
  return { users, groups, groupIdsOfUser, managers, deletedGroupMembers, rulesSlices, deprovisioning, unindexed };
}

async function loadManagers(
  manager: EntityManager,
  directoryId: string,
  userIds: readonly string[],
): Promise<Map<string, KnownManager>> {
  if (userIds.length === 0) return new Map();
  const rows = await manager.query<{ id: string; name: string | null; external_ids: Record<string, string> | null }[]>(
    `SELECT p.id, left(p.data::json ->> 'name', ${MANAGER_NAME_MAX}) AS name, p.data::json -> 'external_ids' AS external_ids
     FROM published_users p WHERE p.directory_id = $1 AND p.id = ANY ($2)`,
    [directoryId, userIds],
  );
  return new Map(rows.map(({ id, name, external_ids: ids }) => [id, { name, external_ids: ids ?? undefined }]));
}

async function loadSlice(
  manager: EntityManager,
  directoryId: string,
  groupId: string,
  limits: BatchLimits,
): Promise<MemberSlice> {
  const rows = await manager.query<{ id: string; bytes: number }[]>(
    `SELECT m.user_id AS id, coalesce(octet_length(u.data), 0) AS bytes FROM published_memberships m
     LEFT JOIN published_users u ON u.directory_id = m.directory_id AND u.id = m.user_id
     WHERE m.directory_id = $1 AND m.group_id = $2 ORDER BY m.user_id LIMIT $3`,
    [directoryId, groupId, limits.slice + 1],
  );
  return cutSlice(rows, limits);
}

/**
 * The next users of a rules job. Nobody when the change was superseded, or when the directory is deleted: `directory_deleted`
 * stands for all its users.
 */
async function loadRulesSlice(
  manager: EntityManager,
  directoryId: string,
  changeId: string,
  limits: BatchLimits,
): Promise<UserSlice> {
  const [job] = await manager.query<{ last_user_id: string }[]>(
    `SELECT j.last_user_id FROM rules_jobs j JOIN directories d ON d.environment_id = j.environment_id AND d.id = j.directory_id
     WHERE j.directory_id = $1 AND j.change_id = $2 AND d.deleted_time IS NULL`,
    [directoryId, changeId],
  );
  if (!job) return { userIds: [], more: false };
  const rows = await manager.query<{ id: string; bytes: number }[]>(
    `SELECT id, octet_length(data) AS bytes FROM published_users WHERE directory_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
    [directoryId, job.last_user_id, limits.slice + 1],
  );
  return cutSlice(rows, limits);
}

const USERS = { select: selectPublished('published_users'), read: readPublishedUser };
const GROUPS = { select: selectPublished('published_groups'), read: readPublishedGroup };

function selectPublished(table: string): string {
  return prepared(
    `SELECT id, sequence, data, terms_sequence IS NOT DISTINCT FROM sequence AS is_indexed FROM ${table}
     WHERE directory_id = $1 AND id = ANY ($2)`,
  );
}

async function loadPublished<Data>(
  manager: EntityManager,
  { select, read }: { select: string; read: (text: string) => Data },
  directoryId: string,
  ids: readonly string[],
  unindexed: Set<string>,
): Promise<Map<string, Published<Data>>> {
  if (ids.length === 0) return new Map();
  const rows = await manager.query<{ id: string; sequence: string; data: string; is_indexed: boolean }[]>(select, [
    directoryId,
    ids,
  ]);
  for (const { id, is_indexed } of rows) if (!is_indexed) unindexed.add(id);
  return runInSlices(readRows(rows, read));
}

function* readRows<Data>(
  rows: readonly { id: string; sequence: string; data: string }[],
  read: (text: string) => Data,
): Generator<void, Map<string, Published<Data>>> {
  const published = new Map<string, Published<Data>>();
  for (const { id, sequence, data } of rows) {
    published.set(id, { data: read(data), sequence: Number(sequence) });
    yield;
  }
  return published;
}

async function loadGroupIds(
  manager: EntityManager,
  directoryId: string,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await manager.query<{ user_id: string; group_ids: string[] }[]>(GROUP_IDS, [directoryId, userIds]);
  return new Map(rows.map((row) => [row.user_id, row.group_ids]));
}

const GROUP_IDS = prepared(
  `SELECT user_id, array_agg(group_id ORDER BY group_id) AS group_ids FROM published_memberships
   WHERE directory_id = $1 AND user_id = ANY ($2) GROUP BY user_id`,
);
