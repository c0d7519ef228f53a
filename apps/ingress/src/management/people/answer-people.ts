import { parseId } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { listDirectoryGroups, listDirectoryUsers } from '@rollcall/management';
import type { DirectoryScope, UserFilter } from '@rollcall/management';
import { MAX_PAGE_SIZE } from '../paging/page-query';
import type { PageQuery } from '../paging/page-query';
import type { Pager } from '../paging/pager';
import type {
  GroupList,
  GroupsQuery,
  GroupSummaryList,
  MemberList,
  MembersQuery,
  UserList,
  UsersQuery,
} from './people.dto';
import { renderGroup, renderUser, userContext } from './render-people';

/** What lists are read with. */
interface Tools {
  dataSource: DataSource;
  pager: Pager;
}

/** A page of the users of a directory, for an app owner and an organization's admin alike; the scope is the caller's. */
export async function answerUsers(tools: Tools, scope: DirectoryScope, query: UsersQuery): Promise<UserList> {
  const { items, info } = await readUsers(tools, 'users', scope, query, readUserFilter(query));
  return { users: items, ...info };
}

/** A page of the users in a group (bare id). */
export async function answerMembers(
  tools: Tools,
  scope: DirectoryScope,
  groupId: string,
  query: MembersQuery,
): Promise<MemberList> {
  const filter = { ...readUserFilter(query), groupId };
  const { items, info } = await readUsers(tools, 'members', scope, query, filter);
  return { members: items, ...info };
}

/** Which users a list or an export is asked for. */
export function readUserFilter(query: UsersQuery): UserFilter {
  const { directory_group_id: groupId, updated_after: updatedAfter, active, role_name: roleName, sort } = query;
  return {
    groupId: groupId === undefined ? undefined : (parseId('dirgroup', groupId) ?? undefined),
    updatedAfter,
    search: searchText(query),
    active,
    roleName,
    sort,
  };
}

async function readUsers(
  { dataSource, pager }: Tools,
  name: string,
  scope: DirectoryScope,
  query: UsersQuery,
  filter: UserFilter,
) {
  const { page, info } = await pager.list(query, [name, ...Object.values(scope), filter], (request) =>
    listDirectoryUsers(dataSource, scope, filter, request),
  );
  const context = userContext(scope, page.rules);
  return { items: page.rows.map((user) => renderUser(user, context, query.include_detail)), info };
}

/** A page of the groups of a directory. */
export async function answerGroups(
  { dataSource, pager }: Tools,
  scope: DirectoryScope,
  query: GroupsQuery,
): Promise<GroupList> {
  const { include_detail: detail = false, updated_after: updatedAfter, sort } = query;
  const filter = { updatedAfter, search: searchText(query), sort };
  const { page, info } = await pager.list(query, ['groups', ...Object.values(scope), filter], (request) =>
    listDirectoryGroups(dataSource, scope, filter, request),
  );
  return { groups: page.rows.map((group) => renderGroup(group, scope, detail)), ...info };
}

/** The same in short, as many as a page has unless asked for less: what a form offers to choose from. */
export async function summarizeGroups(
  tools: Tools,
  scope: DirectoryScope,
  { page_size: size = MAX_PAGE_SIZE, page_token: token }: PageQuery,
): Promise<GroupSummaryList> {
  const { groups, ...info } = await answerGroups(tools, scope, { page_size: size, page_token: token });
  return {
    groups: groups.map(({ id, display_name, total_users, updated_at }) => ({
      id,
      display_name,
      total_users,
      updated_at,
    })),
    ...info,
  };
}

function searchText({ search = '' }: { search?: string }): string | undefined {
  return search.trim() === '' ? undefined : search.trim();
}
