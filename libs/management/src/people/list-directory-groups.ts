import type { DataSource, EntityManager } from 'typeorm';
import { foldText } from '@rollcall/scim';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { countRows, LONG_READ_MS, readPage } from '../paging/read-page';
import type { ListStatement, Page, PageRequest } from '../paging/read-page';
import { readTotal } from './read-total';

/** A group as it is stored now. */
export interface GroupRow {
  id: string;
  resource: Record<string, unknown>;
  created: Date;
  last_modified: Date;
  total_users: string;
}

/** Which groups of a directory; absent = all. */
export interface GroupFilter {
  /** Changed after this time; the list is then in the order of the changes. */
  updatedAfter?: Date;
  /** Text in displayName, in any case. */
  query?: string;
}

/** The groups of a directory, oldest first. Throws AppError `directory_not_found`. */
export async function listDirectoryGroups(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: GroupFilter,
  page: PageRequest,
): Promise<Page<GroupRow> & { total: number }> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    const list = groupList(scope.directoryId, filter);
    const { rows, next, prev } = await readPage<GroupRow>(manager, list, page);
    const isWhole = filter.updatedAfter === undefined && filter.query === undefined;
    const total = isWhole ? await readTotal(manager, scope, 'groups') : await countRows(manager, list);
    return { rows, next, prev, total };
  });
}

/** One group. Throws AppError `directory_not_found`, `group_not_found`. */
export async function findDirectoryGroup(
  dataSource: DataSource,
  scope: DirectoryScope,
  groupId: string,
): Promise<GroupRow> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    const { rows } = await runStatement<GroupRow>(
      manager,
      `SELECT ${COLUMNS} FROM ${GROUPS} WHERE g.directory_id = $1 AND g.id = $2`,
      [scope.directoryId, groupId],
    );
    if (!rows[0]) throw notFound('group');
    return rows[0];
  });
}

/** Throws AppError `group_not_found` unless the group exists. */
export async function requireGroup(manager: EntityManager, scope: DirectoryScope, groupId: string): Promise<void> {
  const { rows } = await runStatement(
    manager,
    'SELECT 1 FROM directory_groups g WHERE g.directory_id = $1 AND g.id = $2',
    [scope.directoryId, groupId],
  );
  if (rows.length === 0) throw notFound('group');
}

// The published count is maintained; only a group that is not published yet is counted.
const COLUMNS = `g.id, g.resource, g.created, g.last_modified, coalesce((p.data::json ->> 'total_users')::bigint, (
    SELECT count(*) FROM memberships m JOIN directory_users u ON u.directory_id = m.directory_id AND u.id = m.member_id
    WHERE m.directory_id = g.directory_id AND m.group_id = g.id)) AS total_users`;

const GROUPS = `directory_groups g LEFT JOIN published_groups p ON p.directory_id = g.directory_id AND p.id = g.id`;

function groupList(directoryId: string, { updatedAfter, query }: GroupFilter): ListStatement {
  const params: unknown[] = [directoryId];
  const conditions = ['g.directory_id = $1'];
  const add = (value: unknown) => `$${params.push(value)}`;
  if (updatedAfter) conditions.push(`g.last_modified > ${add(updatedAfter)}::timestamptz`);
  if (query !== undefined) conditions.push(`strpos(g.display_name_key, ${add(foldText(query))}::text) > 0`);
  const id = { sql: 'g.id', type: 'text' } as const;
  return {
    columns: COLUMNS,
    from: GROUPS,
    where: conditions.join(' AND '),
    params,
    keys: updatedAfter ? [{ sql: 'g.last_modified', type: 'timestamptz' }, id] : [id],
  };
}
