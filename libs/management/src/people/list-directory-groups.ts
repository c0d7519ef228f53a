import type { DataSource, EntityManager } from 'typeorm';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { countRows, LONG_READ_MS, readPage } from '../paging/read-page';
import type { ListStatement, Page, PageRequest } from '../paging/read-page';
import { readTotal } from './read-total';
import { searchPeople } from './search-people';

/** A group as it is stored now. */
export interface GroupRow {
  id: string;
  resource: Record<string, unknown>;
  created: Date;
  last_modified: Date;
  total_users: string;
  /** Of an imported one: its ids at the services that it came from. */
  external_ids: Record<string, string> | null;
}

/** In which order groups are listed; with a minus the largest first. */
export const GROUP_SORTS = ['name', '-name', 'updated', '-updated'] as const;
export type GroupSort = (typeof GROUP_SORTS)[number];

/** Which groups of a directory; absent = all. */
export interface GroupFilter {
  /** Changed after this time; the list is then in the order of the changes, unless `sort` is given. */
  updatedAfter?: Date;
  /** Words with which the name or the External ID begins; see `searchPeople`. */
  search?: string;
  /** Those that this user is in, by its bare id. */
  memberId?: string;
  /** Absent: oldest first. */
  sort?: GroupSort;
}

/** The groups of a directory in the order that the filter asks for. Throws AppError `directory_not_found`. */
export async function listDirectoryGroups(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: GroupFilter,
  page: PageRequest,
): Promise<Page<GroupRow> & { total: number }> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    const list = await groupList(manager, scope.directoryId, filter);
    const { rows, next, prev } = await readPage<GroupRow>(manager, list, page);
    const isWhole = Object.values({ ...filter, sort: undefined }).every((asked) => asked === undefined);
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

/** Those of these groups (bare ids) that there are, by age. Throws AppError `directory_not_found`. */
export async function findDirectoryGroups(
  dataSource: DataSource,
  scope: DirectoryScope,
  groupIds: readonly string[],
): Promise<GroupRow[]> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    const { rows } = await runStatement<GroupRow>(
      manager,
      `SELECT ${COLUMNS} FROM ${GROUPS} WHERE g.directory_id = $1 AND g.id = ANY ($2::text[]) ORDER BY g.id`,
      [scope.directoryId, groupIds],
    );
    return rows;
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
    WHERE m.directory_id = g.directory_id AND m.group_id = g.id)) AS total_users, p.data::json -> 'external_ids' AS external_ids`;

const GROUPS = `directory_groups g LEFT JOIN published_groups p ON p.directory_id = g.directory_id AND p.id = g.id`;

async function groupList(
  manager: EntityManager,
  directoryId: string,
  { updatedAfter, search, memberId, sort = updatedAfter ? 'updated' : undefined }: GroupFilter,
): Promise<ListStatement> {
  const params: unknown[] = [directoryId];
  const add = (value: unknown) => `$${params.push(value)}`;
  const found = search === undefined ? null : await searchPeople(manager, 'group', { directoryId, text: search }, add);
  const conditions = ['g.directory_id = $1', ...(found?.conditions ?? [])];
  if (updatedAfter) conditions.push(`g.last_modified > ${add(updatedAfter)}::timestamptz`);
  if (memberId !== undefined) {
    conditions.push(`g.id = ANY (ARRAY(SELECT m.group_id FROM memberships m
      WHERE m.directory_id = $1 AND m.member_id = ${add(memberId)}::text))`);
  }
  const id = { sql: 'g.id', type: 'text' } as const;
  return {
    columns: COLUMNS,
    from: found
      ? `${found.from} CROSS JOIN LATERAL (SELECT * FROM directory_groups g WHERE g.directory_id = $1 AND g.id = f.id OFFSET 0) g
         LEFT JOIN published_groups p ON p.directory_id = g.directory_id AND p.id = g.id`
      : GROUPS,
    where: conditions.join(' AND '),
    params,
    keys: sort === undefined ? [id] : [ORDERS[sort.replace('-', '') as keyof typeof ORDERS], id],
    descending: sort?.startsWith('-') ?? false,
  };
}

const ORDERS = {
  name: { sql: 'g.display_name_key', type: 'text' },
  updated: { sql: 'g.last_modified', type: 'timestamptz' },
} as const;
