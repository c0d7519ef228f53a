import { parseId } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { listDirectoryGroups, listDirectoryUsers } from '@rollcall/management';
import type { DirectoryScope } from '@rollcall/management';
import type { Pager } from '../paging/pager';
import type { GroupList, MemberList, UserList, UsersQuery } from './people.dto';
import { renderGroup, renderUser, userContext } from './render-people';

/** What a list of users or groups can be filtered by; `query` is a text to search for. */
export type PeopleQuery = UsersQuery & { query?: string };

/** What lists are read with. */
interface Tools {
  dataSource: DataSource;
  pager: Pager;
}

/** A page of the users of a directory, for an app owner and an organization's admin alike; the scope is the caller's. */
export async function answerUsers(tools: Tools, scope: DirectoryScope, query: PeopleQuery): Promise<UserList> {
  const groupId = query.directory_group_id === undefined ? undefined : parseId('dirgroup', query.directory_group_id);
  const { items, info } = await readUsers(tools, 'users', scope, { query, groupId: groupId ?? undefined });
  return { users: items, ...info };
}

/** A page of the users in a group (bare id). */
export async function answerMembers(
  tools: Tools,
  scope: DirectoryScope,
  groupId: string,
  query: PeopleQuery,
): Promise<MemberList> {
  const { items, info } = await readUsers(tools, 'members', scope, { query, groupId });
  return { members: items, ...info };
}

async function readUsers(
  { dataSource, pager }: Tools,
  name: string,
  scope: DirectoryScope,
  { query, groupId }: { query: PeopleQuery; groupId: string | undefined },
) {
  const { include_detail: detail = false, updated_after: updatedAfter } = query;
  const filter = { groupId, updatedAfter, query: searchText(query) };
  const list = [name, ...Object.values(scope), groupId, updatedAfter, filter.query];
  const { page, info } = await pager.list(query, list, (request) =>
    listDirectoryUsers(dataSource, scope, filter, request),
  );
  const context = userContext(scope, page.rules);
  return { items: page.rows.map((user) => renderUser(user, context, detail)), info };
}

/** A page of the groups of a directory. */
export async function answerGroups(
  { dataSource, pager }: Tools,
  scope: DirectoryScope,
  query: PeopleQuery,
): Promise<GroupList> {
  const { include_detail: detail = false, updated_after: updatedAfter } = query;
  const filter = { updatedAfter, query: searchText(query) };
  const list = ['groups', ...Object.values(scope), updatedAfter, filter.query];
  const { page, info } = await pager.list(query, list, (request) =>
    listDirectoryGroups(dataSource, scope, filter, request),
  );
  return { groups: page.rows.map((group) => renderGroup(group, scope, detail)), ...info };
}

function searchText({ query = '' }: PeopleQuery): string | undefined {
  return query.trim() === '' ? undefined : query.trim();
}
