import type { UserData } from '@rollcall/contract';
import { parseId, publicId, runInSlices } from '@rollcall/platform';
import { runStatement } from '@rollcall/database';
import type { EntityManager } from 'typeorm';

/** A published user: its JSON text, and the number of the event that it is from. */
export interface PublishedUserRow {
  data: string;
  sequence: string;
}

/**
 * The texts of users with the names that their groups are published under. A rename of a group gives no event of its members, who
 * carry the old name until their next one; a view of both would contradict itself. Reads the names of groups that have had an
 * event since, and parses no other user.
 */
export async function renewGroupNames(
  manager: EntityManager,
  directoryId: string,
  rows: readonly PublishedUserRow[],
): Promise<string[]> {
  const users = rows.map(({ data, sequence }) => ({ data, sequence: Number(sequence), groupIds: findGroupIds(data) }));
  const groups = await loadChangedGroups(manager, directoryId, users);
  return runInSlices(renameEach(users, groups));
}

function* renameEach(
  users: readonly { data: string; sequence: number; groupIds: readonly string[] }[],
  groups: ReadonlyMap<string, ChangedGroup>,
): Generator<void, string[]> {
  const texts: string[] = [];
  for (const { data, sequence, groupIds } of users) {
    const mayBeOld = groupIds.some((id) => (groups.get(id)?.sequence ?? 0) > sequence);
    texts.push(mayBeOld ? rename(data, groups) : data);
    yield;
  }
  return texts;
}

interface ChangedGroup {
  name: string | null;
  sequence: number;
}

/** Whatever in a user's text looks like the id of a group; in a name its quotes would be escaped. */
function findGroupIds(text: string): string[] {
  return [...text.matchAll(/"(dirgroup_[0-9a-z]+)"/g)].map(([, id = '']) => id);
}

async function loadChangedGroups(
  manager: EntityManager,
  directoryId: string,
  users: readonly { sequence: number; groupIds: readonly string[] }[],
): Promise<Map<string, ChangedGroup>> {
  const named = new Set(users.flatMap(({ groupIds }) => groupIds));
  const ids = [...named].flatMap((id) => parseId('dirgroup', id) ?? []);
  if (ids.length === 0) return new Map();
  const oldest = Math.min(...users.map(({ sequence }) => sequence));
  const { rows } = await runStatement<{ id: string; sequence: string; name: string | null }>(
    manager,
    `SELECT id, sequence, data::json->>'display_name' AS name FROM published_groups
     WHERE directory_id = $1 AND id = ANY ($2) AND sequence > $3`,
    [directoryId, ids, oldest],
  );
  return new Map(
    rows.map(({ id, name, sequence }) => [publicId('dirgroup', id), { name, sequence: Number(sequence) }]),
  );
}

function rename(text: string, groups: ReadonlyMap<string, ChangedGroup>): string {
  const user = JSON.parse(text) as UserData;
  const renamed = user.groups.map((group) => ({ ...group, name: (groups.get(group.id) ?? group).name }));
  return JSON.stringify({ ...user, groups: renamed });
}
