import { Get, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  findDirectoryGroup,
  findDirectoryGroups,
  findDirectoryScope,
  findDirectoryUser,
  findResourceScope,
  listDirectoryGroups,
  listDirectoryUsers,
} from '@rollcall/management';
import type { DirectoryScope, GroupRow, UserRow } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import { toWorkosGroup, toWorkosUser } from '@rollcall/webhooks';
import { LongRead } from '../http/take-turn.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { IdParameter } from '../management/input/fields';
import { groupIdParam, userIdParam } from '../management/people/person-path';
import { renderGroup, renderUser, userContext } from '../management/people/render-people';
import { invalid, ListQuery, renderList, toPageRequest } from './list-query';
import type { WorkosList } from './list-query';
import { WorkosController } from './workos-controller';

class UsersQuery extends ListQuery {
  @IdParameter({ prefix: 'dir', description: 'Those of this directory.' })
  directory?: string;

  @IdParameter({ prefix: 'dirgroup', description: 'Those in this group.' })
  group?: string;
}

class GroupsQuery extends ListQuery {
  @IdParameter({ prefix: 'dir', description: 'Those of this directory.' })
  directory?: string;

  @IdParameter({ prefix: 'diruser', description: 'Those that this user is in.' })
  user?: string;
}

type WorkosGroup = ReturnType<typeof toWorkosGroup>;
type WorkosUser = ReturnType<typeof toWorkosUser> & { groups: WorkosGroup[] };

/** `workos.directorySync`: users, active or not */
@WorkosController('directory_users')
export class WorkosUsersController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  @Access('read', 'refused')
  @LongRead()
  async list(@EnvironmentId() environmentId: string, @Query() query: UsersQuery): Promise<WorkosList<WorkosUser>> {
    const { directory, group } = query;
    const request = toPageRequest('diruser', query);
    const groupId = bareId('dirgroup', group);
    const scope = await findScope(this.dataSource, environmentId, { directory, resource: groupId, kind: 'group' });
    const page = await listDirectoryUsers(this.dataSource, scope, { groupId }, request);
    const render = await this.renderer(scope, page.rows, page.rules);
    return renderList('diruser', query, page, render);
  }

  @Get(':user_id')
  @Access('read', 'refused')
  async get(@EnvironmentId() environmentId: string, @userIdParam() userId: string): Promise<WorkosUser> {
    const scope = await findResourceScope(this.dataSource, environmentId, 'user', userId);
    const { user, rules } = await findDirectoryUser(this.dataSource, scope, userId);
    return (await this.renderer(scope, [user], rules))(user);
  }

  /** Their groups are read once for all of them. */
  private async renderer(
    scope: DirectoryScope,
    users: readonly UserRow[],
    rules: Parameters<typeof userContext>[1],
  ): Promise<(user: UserRow) => WorkosUser> {
    const ids = new Set(users.flatMap(({ groups }) => groups.map(({ id }) => id)));
    const rows = ids.size > 0 ? await findDirectoryGroups(this.dataSource, scope, [...ids]) : [];
    const groups = new Map(rows.map((row) => [row.id, renderWorkosGroup(row, scope)]));
    const context = userContext(scope, rules);
    return (user) => ({
      ...toWorkosUser(renderUser(user, context), user.last_modified.toISOString()),
      groups: user.groups.flatMap(({ id }) => groups.get(id) ?? []),
    });
  }
}

/** `workos.directorySync`: groups */
@WorkosController('directory_groups')
export class WorkosGroupsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  @Access('read', 'refused')
  @LongRead()
  async list(@EnvironmentId() environmentId: string, @Query() query: GroupsQuery): Promise<WorkosList<WorkosGroup>> {
    const { directory, user } = query;
    const request = toPageRequest('dirgroup', query);
    const memberId = bareId('diruser', user);
    const scope = await findScope(this.dataSource, environmentId, { directory, resource: memberId, kind: 'user' });
    const page = await listDirectoryGroups(this.dataSource, scope, { memberId }, request);
    return renderList('dirgroup', query, page, (row) => renderWorkosGroup(row, scope));
  }

  @Get(':group_id')
  @Access('read', 'refused')
  async get(@EnvironmentId() environmentId: string, @groupIdParam() groupId: string): Promise<WorkosGroup> {
    const scope = await findResourceScope(this.dataSource, environmentId, 'group', groupId);
    return renderWorkosGroup(await findDirectoryGroup(this.dataSource, scope, groupId), scope);
  }
}

function renderWorkosGroup(row: GroupRow, scope: DirectoryScope): WorkosGroup {
  return toWorkosGroup(renderGroup(row, scope), row.last_modified.toISOString());
}

function bareId(prefix: 'dirgroup' | 'diruser', id: string | undefined): string | undefined {
  return id === undefined ? undefined : (parseId(prefix, id) ?? undefined);
}

/** The directory that a list is of: the one that is named, or that of the user or group that is. */
async function findScope(
  dataSource: DataSource,
  environmentId: string,
  { directory, resource, kind }: { directory?: string; resource?: string; kind: 'user' | 'group' },
): Promise<DirectoryScope> {
  const directoryId = directory === undefined ? null : parseId('dir', directory);
  if (directoryId !== null) return findDirectoryScope(dataSource, environmentId, directoryId);
  if (resource === undefined) throw invalid(`Send "directory" or "${kind}".`);
  return findResourceScope(dataSource, environmentId, kind, resource);
}
