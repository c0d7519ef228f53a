import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { PortalSessionView } from '@rollcall/management';
import { AdminUpdateDirectoryBody, CreateDirectoryBody } from '../management/directories/directory.dto';
import { ACTION_PARAMETER, directoryIdParam } from '../management/directories/directory-path';
import { DirectoryService } from '../management/directories/directory.service';
import { TextField } from '../management/input/fields';
import { IdPipe } from '../management/input/id.pipe';
import { InputPipe } from '../management/input/input.pipe';
import { MAX_PAGE_SIZE } from '../management/paging/page-query';
import { DetailQuery, MembersQuery } from '../management/people/people.dto';
import { PeopleService } from '../management/people/people.service';
import { CreateSecretBody, RegenerateSecretBody } from '../management/secrets/secret.dto';
import { PortalSessionGuard, scopeOf, Session } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

class SearchQuery extends MembersQuery {
  @TextField({ min: 0, max: 200, description: 'A text in the name, userName or an e-mail address.' })
  query?: string;
}

const userIdParam = () => Param('user_id', new IdPipe('diruser', 'user'));
const groupIdParam = () => Param('group_id', new IdPipe('dirgroup', 'group'));

/** The directories of the session's organization, through the same services as the management API. */
@ApiExcludeController()
@Controller('portal/api/directories')
@UseGuards(SameOriginGuard, PortalSessionGuard)
@UsePipes(InputPipe)
export class PortalDirectoriesController {
  constructor(
    @Inject(DirectoryService) private readonly directories: DirectoryService,
    @Inject(PeopleService) private readonly people: PeopleService,
  ) {}

  @Get()
  async list(@Session() session: PortalSessionView) {
    const { directories } = await this.directories.list(scopeOf(session), { size: MAX_PAGE_SIZE });
    return { directories };
  }

  @Post()
  async create(@Session() session: PortalSessionView, @Body() body: CreateDirectoryBody) {
    return { directory: await this.directories.create(scopeOf(session), body) };
  }

  @Get(':directory_id')
  async get(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string) {
    return { directory: await this.directories.get({ ...scopeOf(session), directoryId }) };
  }

  @Patch(':directory_id')
  async update(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: AdminUpdateDirectoryBody,
  ) {
    return { directory: await this.directories.update({ ...scopeOf(session), directoryId }, body) };
  }

  @Delete(':directory_id')
  @HttpCode(204)
  async delete(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string): Promise<void> {
    await this.directories.delete({ ...scopeOf(session), directoryId });
  }

  @Patch(`${ACTION_PARAMETER}::enable`)
  enable(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string) {
    return this.directories.setEnabled({ ...scopeOf(session), directoryId }, true);
  }

  @Patch(`${ACTION_PARAMETER}::disable`)
  disable(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string) {
    return this.directories.setEnabled({ ...scopeOf(session), directoryId }, false);
  }

  @Post(':directory_id/secrets')
  createSecret(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: CreateSecretBody,
  ) {
    return this.directories.issueSecret({ ...scopeOf(session), directoryId }, body, 'add');
  }

  @Post(':directory_id/secrets::regenerate')
  regenerateSecret(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: RegenerateSecretBody,
  ) {
    return this.directories.issueSecret({ ...scopeOf(session), directoryId }, body, 'regenerate');
  }

  @Delete(':directory_id/secrets/:secret_id')
  @HttpCode(204)
  async revokeSecret(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Param('secret_id', new IdPipe('sec', 'secret')) secretId: string,
  ): Promise<void> {
    await this.directories.revokeSecret({ ...scopeOf(session), directoryId }, secretId);
  }

  @Get(':directory_id/users')
  listUsers(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() query: SearchQuery,
  ) {
    return this.people.listUsers({ ...scopeOf(session), directoryId }, query);
  }

  @Get(':directory_id/users/:user_id')
  async getUser(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @userIdParam() userId: string,
    @Query() { include_detail: detail }: DetailQuery,
  ) {
    return { user: await this.people.getUser({ ...scopeOf(session), directoryId }, userId, detail) };
  }

  @Get(':directory_id/groups')
  listGroups(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() query: SearchQuery,
  ) {
    return this.people.listGroups({ ...scopeOf(session), directoryId }, query);
  }

  @Get(':directory_id/groups/:group_id')
  async getGroup(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @groupIdParam() groupId: string,
    @Query() { include_detail: detail }: DetailQuery,
  ) {
    return { group: await this.people.getGroup({ ...scopeOf(session), directoryId }, groupId, detail) };
  }

  @Get(':directory_id/groups/:group_id/members')
  listMembers(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @groupIdParam() groupId: string,
    @Query() query: SearchQuery,
  ) {
    return this.people.listMembers({ ...scopeOf(session), directoryId }, groupId, query);
  }
}
