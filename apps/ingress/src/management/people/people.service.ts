import { Inject, Injectable } from '@nestjs/common';
import { compileRules, NO_RULES } from '@rollcall/events';
import type { AssignmentRules, NormalizeContext } from '@rollcall/events';
import { parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findDirectoryGroup, findDirectoryUser, listDirectoryGroups, listDirectoryUsers } from '@rollcall/management';
import type { DirectoryScope } from '@rollcall/management';
import { Pager } from '../paging/pager';
import type { GroupItem, GroupList, MemberList, UserItem, UserList, UsersQuery } from './people.dto';
import { renderGroup, renderUser } from './render-people';

/** Everything that lists of users and groups can be asked; `query` is a text to search for. */
export type PeopleQuery = UsersQuery & { query?: string };

/** The users and groups of a directory, the same for an app owner and an organization's admin; the scope is the caller's. */
@Injectable()
export class PeopleService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(Pager) private readonly pager: Pager,
  ) {}

  async listUsers(scope: DirectoryScope, query: PeopleQuery): Promise<UserList> {
    const groupId = query.directory_group_id === undefined ? null : parseId('dirgroup', query.directory_group_id);
    const { items, ...info } = await this.readUsers('users', scope, query, groupId ?? undefined);
    return { users: items, ...info };
  }

  async listMembers(scope: DirectoryScope, groupId: string, query: PeopleQuery): Promise<MemberList> {
    const { items, ...info } = await this.readUsers('members', scope, query, groupId);
    return { members: items, ...info };
  }

  async getUser(scope: DirectoryScope, userId: string, detail = false): Promise<UserItem> {
    const { user, rules } = await findDirectoryUser(this.dataSource, scope, userId);
    return renderUser(user, normalizeContext(scope, rules), detail);
  }

  async listGroups(scope: DirectoryScope, query: PeopleQuery): Promise<GroupList> {
    const { include_detail: detail = false, updated_after: updatedAfter } = query;
    const search = searchText(query);
    const list = ['groups', ...Object.values(scope), updatedAfter, search];
    const page = await listDirectoryGroups(
      this.dataSource,
      scope,
      { updatedAfter, query: search },
      this.pager.read(query, ...list),
    );
    const context = normalizeContext(scope);
    return { groups: page.rows.map((row) => renderGroup(row, context, detail)), ...this.pager.info(page, ...list) };
  }

  async getGroup(scope: DirectoryScope, groupId: string, detail = false): Promise<GroupItem> {
    return renderGroup(await findDirectoryGroup(this.dataSource, scope, groupId), normalizeContext(scope), detail);
  }

  private async readUsers(name: string, scope: DirectoryScope, query: PeopleQuery, groupId: string | undefined) {
    const { include_detail: detail = false, updated_after: updatedAfter } = query;
    const search = searchText(query);
    const list = [name, ...Object.values(scope), groupId, updatedAfter, search];
    const page = await listDirectoryUsers(
      this.dataSource,
      scope,
      { groupId, updatedAfter, query: search },
      this.pager.read(query, ...list),
    );
    const context = normalizeContext(scope, page.rules);
    return { items: page.rows.map((row) => renderUser(row, context, detail)), ...this.pager.info(page, ...list) };
  }
}

function searchText({ query = '' }: PeopleQuery): string | undefined {
  return query.trim() === '' ? undefined : query.trim();
}

/** What the users of a directory are normalized with; groups need the tenant alone. */
function normalizeContext(scope: DirectoryScope, rules: AssignmentRules = NO_RULES): NormalizeContext {
  return { ...scope, rules: compileRules(rules) };
}
