import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findDirectoryGroup, findDirectoryUser } from '@rollcall/management';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { answerGroups, answerMembers, answerUsers, summarizeGroups } from './answer-people';
import {
  DetailQuery,
  GroupAnswer,
  GroupList,
  GroupsQuery,
  GroupSummaryList,
  MemberList,
  MembersQuery,
  UserAnswer,
  UserList,
  UsersQuery,
} from './people.dto';
import { groupIdParam, userIdParam } from './person-path';
import { renderGroup, renderUser, userContext } from './render-people';

@ManagementController('Directory users and groups', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class PeopleController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    readonly pager: Pager,
  ) {}

  @Get('users')
  @Access('read', 'own')
  @LongRead()
  @ApiOperation({ operationId: 'listDirectoryUsers', summary: 'List the users, oldest first' })
  @ApiResponse({ status: 200, type: UserList })
  listUsers(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: UsersQuery,
  ): Promise<UserList> {
    return answerUsers(this, { environmentId, organizationId, directoryId }, query);
  }

  @Get('users/:user_id')
  @Access('read', 'own')
  @ApiOperation({ operationId: 'getDirectoryUser', summary: 'Get a user' })
  @ApiParam({ name: 'user_id', type: String })
  @ApiResponse({ status: 200, type: UserAnswer })
  async getUser(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @userIdParam() userId: string,
    @Query() { include_detail: detail }: DetailQuery,
  ): Promise<UserAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    const { user, rules } = await findDirectoryUser(this.dataSource, scope, userId);
    return { user: renderUser(user, userContext(scope, rules), detail) };
  }

  @Get('groups')
  @Access('read', 'own')
  @LongRead()
  @ApiOperation({ operationId: 'listDirectoryGroups', summary: 'List the groups, oldest first' })
  @ApiResponse({ status: 200, type: GroupList })
  listGroups(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: GroupsQuery,
  ): Promise<GroupList> {
    return answerGroups(this, { environmentId, organizationId, directoryId }, query);
  }

  @Get('groups/summary')
  @Access('read', 'own')
  @LongRead()
  @ApiOperation({
    operationId: 'listDirectoryGroupsSummary',
    summary: 'List the groups in short, oldest first',
    description: 'What a form offers to choose from, 100 on a page unless said otherwise; as Scalekit’s API has it.',
  })
  @ApiResponse({ status: 200, type: GroupSummaryList })
  summarizeGroups(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: PageQuery,
  ): Promise<GroupSummaryList> {
    return summarizeGroups(this, { environmentId, organizationId, directoryId }, query);
  }

  @Get('groups/:group_id')
  @Access('read', 'own')
  @ApiOperation({ operationId: 'getDirectoryGroup', summary: 'Get a group' })
  @ApiParam({ name: 'group_id', type: String })
  @ApiResponse({ status: 200, type: GroupAnswer })
  async getGroup(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @groupIdParam() groupId: string,
    @Query() { include_detail: detail }: DetailQuery,
  ): Promise<GroupAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return { group: renderGroup(await findDirectoryGroup(this.dataSource, scope, groupId), scope, detail) };
  }

  @Get('groups/:group_id/members')
  @Access('read', 'own')
  @LongRead()
  @ApiOperation({ operationId: 'listDirectoryGroupMembers', summary: 'List the users in a group' })
  @ApiParam({ name: 'group_id', type: String })
  @ApiResponse({ status: 200, type: MemberList })
  listMembers(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @groupIdParam() groupId: string,
    @Query() query: MembersQuery,
  ): Promise<MemberList> {
    return answerMembers(this, { environmentId, organizationId, directoryId }, groupId, query);
  }
}
