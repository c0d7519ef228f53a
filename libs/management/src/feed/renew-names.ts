import type { UserData } from '@rollcall/contract';
import { MANAGER_NAME_MAX } from '@rollcall/events';
import { parseId, publicId, runInSlices } from '@rollcall/platform';
import { runStatement } from '@rollcall/database';
import type { EntityManager } from 'typeorm';

/** A published user: its JSON text, and the number of the event that it is from. */
export interface PublishedUserRow {
  data: string;
  sequence: string;
}

/** A user's text with whom it names. */
interface NamingUser {
  data: string;
  sequence: number;
  groupIds: readonly string[];
  managerIds: readonly string[];
}

/**
 * The texts of users with the names that their groups and managers are published under. A rename of a group gives no event of its
 * members, nor one of a manager an event of whom he manages: they carry the old name until their next one, and a view of both would
 * contradict itself. Reads the names of those that have had an event since, and parses no other user.
 */
export async function renewNames(
  manager: EntityManager,
  directoryId: string,
  rows: readonly PublishedUserRow[],
): Promise<string[]> {
  const users = rows.map(({ data, sequence }) => ({ data, sequence: Number(sequence), ...findNamed(data) }));
  const groupIds = users.flatMap((user) => user.groupIds);
  const managerIds = users.flatMap((user) => user.managerIds);
  const oldest = Math.min(...users.map(({ sequence }) => sequence));
  const groups = await loadChanged(manager, GROUPS, { directoryId, after: oldest, ids: groupIds });
  const managers = await loadChanged(manager, MANAGERS, { directoryId, after: oldest, ids: managerIds });
  return runInSlices(renameEach(users, groups, managers));
}

function* renameEach(users: readonly NamingUser[], groups: Changed, managers: Changed): Generator<void, string[]> {
  const texts: string[] = [];
  for (const user of users) {
    const isOlder = (changed: Changed, ids: readonly string[]) =>
      ids.some((id) => (changed.get(id)?.sequence ?? 0) > user.sequence);
    const mayBeOld = isOlder(groups, user.groupIds) || isOlder(managers, user.managerIds);
    texts.push(mayBeOld ? rename(user.data, groups, managers) : user.data);
    yield;
  }
  return texts;
}

/** What was published later than the oldest of the users, by public id. */
type Changed = ReadonlyMap<string, { name: string | null; sequence: number }>;

/** Whatever in a user's text looks like the id of a group or a manager; in a name its quotes would be escaped. */
function findNamed(text: string): { groupIds: string[]; managerIds: string[] } {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, id = '']) => id);
  return {
    groupIds: all(/"(dirgroup_[0-9a-z]+)"/g),
    managerIds: all(/"manager":\{"id":"(diruser_[0-9a-z]+)"/g),
  };
}

interface Named {
  prefix: 'dirgroup' | 'diruser';
  /** Takes directory, bare ids and a number; returns id, sequence and name of those that have had an event after it. */
  sql: string;
}

const GROUPS: Named = {
  prefix: 'dirgroup',
  sql: `SELECT id, sequence, data::json->>'display_name' AS name FROM published_groups
    WHERE directory_id = $1 AND id = ANY ($2) AND sequence > $3`,
};

const MANAGERS: Named = {
  prefix: 'diruser',
  sql: `SELECT id, sequence, left(data::json->>'name', ${MANAGER_NAME_MAX}) AS name FROM published_users
    WHERE directory_id = $1 AND id = ANY ($2) AND sequence > $3`,
};

async function loadChanged(
  manager: EntityManager,
  { prefix, sql }: Named,
  { directoryId, after, ids }: { directoryId: string; after: number; ids: readonly string[] },
): Promise<Changed> {
  const bareIds = [...new Set(ids)].flatMap((id) => parseId(prefix, id) ?? []);
  if (bareIds.length === 0) return new Map();
  const { rows } = await runStatement<{ id: string; sequence: string; name: string | null }>(manager, sql, [
    directoryId,
    bareIds,
    after,
  ]);
  return new Map(rows.map(({ id, name, sequence }) => [publicId(prefix, id), { name, sequence: Number(sequence) }]));
}

function rename(text: string, groups: Changed, managers: Changed): string {
  const user = JSON.parse(text) as UserData;
  const renamed = user.groups.map((group) => ({ ...group, name: (groups.get(group.id) ?? group).name }));
  const { manager } = user;
  // A manager who has no name any more keeps the one that was last known.
  const name = managers.get(manager?.id ?? '')?.name ?? manager?.display_name ?? null;
  return JSON.stringify({ ...user, groups: renamed, manager: manager && { ...manager, display_name: name } });
}
