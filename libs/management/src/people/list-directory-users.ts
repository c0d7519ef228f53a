import type { DataSource, EntityManager } from 'typeorm';
import type { AssignmentRules } from '@rollcall/events';
import { loadRules } from '@rollcall/pipeline-store';
import { foldText } from '@rollcall/scim';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { countRows, LONG_READ_MS, readPage } from '../paging/read-page';
import type { ListStatement, Page, PageRequest } from '../paging/read-page';
import { requireGroup } from './list-directory-groups';
import { readTotal } from './read-total';

/** A user as it is stored now, with what its normalization needs beside the resource. */
export interface UserRow {
  id: string;
  resource: Record<string, unknown>;
  created: Date;
  last_modified: Date;
  published_email: string | null;
  published_username: string | null;
  is_published: boolean;
  /** Of the user of the directory who is the manager. */
  manager_name: string | null;
  groups: { id: string; name: string | null }[];
}

/** Which users of a directory; absent = all. */
export interface UserFilter {
  groupId?: string;
  /** Changed after this time; the list is then in the order of the changes. */
  updatedAfter?: Date;
  /** Text in userName, displayName or an e-mail address, in any case. */
  query?: string;
}

/** The users of a directory, oldest first. Throws AppError `directory_not_found`, `group_not_found`. */
export async function listDirectoryUsers(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: UserFilter,
  page: PageRequest,
): Promise<Page<UserRow> & { total: number; rules: AssignmentRules }> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    if (filter.groupId !== undefined) await requireGroup(manager, scope, filter.groupId);
    const list = userList(scope.directoryId, filter);
    const { rows, next, prev } = await readPage<Omit<UserRow, 'groups'>>(manager, list, page);
    return {
      rows: await addGroups(manager, scope.directoryId, rows),
      next,
      prev,
      total: await countUsers(manager, scope, filter, list),
      rules: await loadRules(manager, scope),
    };
  });
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
  const { rows } = await runStatement<Omit<UserRow, 'groups'>>(
    manager,
    `SELECT ${COLUMNS} FROM ${USERS} WHERE u.directory_id = $1 AND u.id = $2`,
    [scope.directoryId, userId],
  );
  const [user] = await addGroups(manager, scope.directoryId, rows);
  if (!user) throw notFound('user');
  return { user, rules: await loadRules(manager, scope) };
}

const COLUMNS = `u.id, u.resource, u.created, u.last_modified, p.id IS NOT NULL AS is_published,
  p.data::json ->> 'email' AS published_email, p.data::json ->> 'preferred_username' AS published_username,
  scim_manager_name(u.directory_id, u.resource) AS manager_name`;

const PUBLISHED = 'LEFT JOIN published_users p ON p.directory_id = u.directory_id AND p.id = u.id';
const USERS = `directory_users u ${PUBLISHED}`;
// OFFSET 0 keeps the planner from joining whole tables: a page looks its own users up, wherever in the group it lies.
const MEMBERS = `memberships m CROSS JOIN LATERAL (
    SELECT * FROM directory_users u WHERE u.directory_id = m.directory_id AND u.id = m.member_id OFFSET 0) u ${PUBLISHED}`;

function userList(directoryId: string, { groupId, updatedAfter, query }: UserFilter): ListStatement {
  const params: unknown[] = [directoryId];
  const conditions = [groupId === undefined ? 'u.directory_id = $1' : 'm.directory_id = $1'];
  const add = (value: unknown) => `$${params.push(value)}`;
  if (groupId !== undefined) conditions.push(`m.group_id = ${add(groupId)}`);
  if (updatedAfter) conditions.push(`u.last_modified > ${add(updatedAfter)}::timestamptz`);
  if (query !== undefined) {
    const text = `${add(foldText(query))}::text`;
    conditions.push(`(strpos(u.user_name_key, ${text}) > 0 OR strpos(coalesce(u.display_name_key, ''), ${text}) > 0
      OR EXISTS (SELECT 1 FROM unnest(u.email_keys) AS email (key) WHERE strpos(email.key, ${text}) > 0))`);
  }
  const id = { sql: groupId === undefined ? 'u.id' : 'm.member_id', type: 'text' } as const;
  return {
    columns: COLUMNS,
    from: groupId === undefined ? USERS : MEMBERS,
    where: conditions.join(' AND '),
    params,
    keys: updatedAfter ? [{ sql: 'u.last_modified', type: 'timestamptz' }, id] : [id],
  };
}

async function countUsers(
  manager: EntityManager,
  scope: DirectoryScope,
  { groupId, updatedAfter, query }: UserFilter,
  list: ListStatement,
): Promise<number> {
  if (updatedAfter !== undefined || query !== undefined) return countRows(manager, list);
  if (groupId === undefined) return readTotal(manager, scope, 'users');
  const where = `m.directory_id = $1 AND m.group_id = $2 AND m.member_type = 'User'`;
  return countRows(manager, { from: 'memberships m', where, params: [scope.directoryId, groupId] });
}

async function addGroups(
  manager: EntityManager,
  directoryId: string,
  users: readonly Omit<UserRow, 'groups'>[],
): Promise<UserRow[]> {
  const { rows } = await runStatement<{ member_id: string; id: string; name: string | null }>(
    manager,
    `SELECT m.member_id, g.id, g.resource ->> 'displayName' AS name
     FROM memberships m JOIN directory_groups g ON g.directory_id = m.directory_id AND g.id = m.group_id
     WHERE m.directory_id = $1 AND m.member_id = ANY ($2) ORDER BY g.id`,
    [directoryId, users.map(({ id }) => id)],
  );
  const groups = new Map<string, UserRow['groups']>(users.map(({ id }) => [id, []]));
  for (const { member_id, id, name } of rows) groups.get(member_id)?.push({ id, name });
  return users.map((user) => ({ ...user, groups: groups.get(user.id) ?? [] }));
}
