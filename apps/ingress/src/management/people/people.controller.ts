import { Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import {
  DetailQuery,
  GroupAnswer,
  GroupList,
  GroupsQuery,
  MemberList,
  MembersQuery,
  UserAnswer,
  UserList,
  UsersQuery,
} from './people.dto';
import { PeopleService } from './people.service';

const userIdParam = () => Param('user_id', new IdPipe('diruser', 'user'));
const groupIdParam = () => Param('group_id', new IdPipe('dirgroup', 'group'));

@ManagementController('Directory users and groups', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class PeopleController {
  constructor(@Inject(PeopleService) private readonly people: PeopleService) {}

  @Get('users')
  @ApiOperation({ operationId: 'listDirectoryUsers', summary: 'List the users, oldest first' })
  @ApiResponse({ status: 200, type: UserList })
  listUsers(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: UsersQuery,
  ): Promise<UserList> {
    return this.people.listUsers({ environmentId, organizationId, directoryId }, query);
  }

  @Get('users/:user_id')
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
    return { user: await this.people.getUser({ environmentId, organizationId, directoryId }, userId, detail) };
  }

  @Get('groups')
  @ApiOperation({ operationId: 'listDirectoryGroups', summary: 'List the groups, oldest first' })
  @ApiResponse({ status: 200, type: GroupList })
  listGroups(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: GroupsQuery,
  ): Promise<GroupList> {
    return this.people.listGroups({ environmentId, organizationId, directoryId }, query);
  }

  @Get('groups/:group_id')
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
    return { group: await this.people.getGroup({ environmentId, organizationId, directoryId }, groupId, detail) };
  }

  @Get('groups/:group_id/members')
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
    return this.people.listMembers({ environmentId, organizationId, directoryId }, groupId, query);
  }
}
