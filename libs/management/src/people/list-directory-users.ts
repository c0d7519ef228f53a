import type { DataSource, EntityManager } from 'typeorm';
import type { AssignmentRules, GroupOfUser } from '@rollcall/events';
import { loadRules } from '@rollcall/pipeline-store';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { LONG_READ_MS, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { requireGroup } from './list-directory-groups';
import { countUsers, userList } from './user-list';
import type { UserFilter, UserList } from './user-list';

/** A user as it is stored now, with what its normalization needs beside the resource. */
export interface UserRow {
  id: string;
  resource: Record<string, unknown>;
  created: Date;
  last_modified: Date;
  published_email: string | null;
  published_username: string | null;
  is_published: boolean;
  /** Of an imported one: its ids at the services that it came from. */
  external_ids: Record<string, string> | null;
  /** Of the user of the directory who is the manager. */
  manager_name: string | null;
  groups: GroupOfUser[];
}

/**
 * The users of a directory in the order that the filter asks for. At most `FOUND_MAX` of those whom a search may find are looked at.
 * Throws AppError `directory_not_found`, `group_not_found`.
 */
export async function listDirectoryUsers(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: UserFilter,
  page: PageRequest,
): Promise<Page<UserRow> & { total: number; rules: AssignmentRules }> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    if (filter.groupId !== undefined) await requireGroup(manager, scope, filter.groupId);
    const { list, ...users } = await readUserPage(manager, scope.directoryId, filter, page);
    return {
      ...users,
      total: await countUsers(manager, scope, filter, list),
      rules: await loadRules(manager, scope),
    };
  });
}

/** A page of the users that a filter lets through, in a transaction of the tenant, and the list that it is of. */
export async function readUserPage(
  manager: EntityManager,
  directoryId: string,
  filter: UserFilter,
  page: PageRequest,
): Promise<Page<UserRow> & { list: UserList }> {
  const list = await userList(manager, directoryId, filter);
  const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
  const ids = rows.map(({ id }) => id);
  return { rows: await readUsers(manager, directoryId, ids), next, prev, list };
}

/** One user. Throws AppError `directory_not_found`, `user_not_found`. */
export async function findDirectoryUser(
  dataSource: DataSource,
  scope: DirectoryScope,
  userId: string,
): Promise<{ user: UserRow; rules: AssignmentRules }> {
  return tenantTransaction(dataSource, scope, (manager) => readDirectoryUser(manager, scope, userId));
}

/** The same within a transaction. */
export async function readDirectoryUser(
  manager: EntityManager,
  scope: DirectoryScope,
  userId: string,
): Promise<{ user: UserRow; rules: AssignmentRules }> {
  await requireDirectory(manager, scope);
  const [user] = await readUsers(manager, scope.directoryId, [userId]);
  if (!user) throw notFound('user');
  return { user, rules: await loadRules(manager, scope) };
}

/** Users by their ids, in this order; whoever is gone is left out. */
async function readUsers(manager: EntityManager, directoryId: string, ids: readonly string[]): Promise<UserRow[]> {
  const { rows } = await runStatement<Omit<UserRow, 'groups'>>(
    manager,
    `SELECT u.id, u.resource, u.created, u.last_modified, p.id IS NOT NULL AS is_published,
       p.data::json ->> 'email' AS published_email, p.data::json ->> 'preferred_username' AS published_username,
       p.data::json -> 'external_ids' AS external_ids,
       scim_manager_name(u.directory_id, u.resource) AS manager_name
     FROM directory_users u LEFT JOIN published_users p ON p.directory_id = u.directory_id AND p.id = u.id
     WHERE u.directory_id = $1 AND u.id = ANY ($2)`,
    [directoryId, ids],
  );
  const users = new Map((await addGroups(manager, directoryId, rows)).map((user) => [user.id, user]));
  return ids.flatMap((id) => users.get(id) ?? []);
}

interface GroupRow {
  member_id: string;
  id: string;
  name: string | null;
  external_ids: Record<string, string> | null;
}

async function addGroups(
  manager: EntityManager,
  directoryId: string,
  users: readonly Omit<UserRow, 'groups'>[],
): Promise<UserRow[]> {
  const { rows } = await runStatement<GroupRow>(
    manager,
    // Where nothing was imported, nothing is looked for.
    `SELECT m.member_id, g.id, g.resource ->> 'displayName' AS name,
       CASE WHEN (SELECT d.external_ids <> '{}' FROM directories d WHERE d.id = $1)
         THEN (SELECT p.data::json -> 'external_ids' FROM published_groups p
           WHERE p.directory_id = m.directory_id AND p.id = m.group_id) END AS external_ids
     FROM memberships m JOIN directory_groups g ON g.directory_id = m.directory_id AND g.id = m.group_id
     WHERE m.directory_id = $1 AND m.member_id = ANY ($2) ORDER BY g.id`,
    [directoryId, users.map(({ id }) => id)],
  );
  const groups = new Map<string, UserRow['groups']>(users.map(({ id }) => [id, []]));
  for (const { member_id, id, name, external_ids } of rows)
    groups.get(member_id)?.push({ id, name, ...(external_ids && { external_ids }) });
  return users.map((user) => ({ ...user, groups: groups.get(user.id) ?? [] }));
}
