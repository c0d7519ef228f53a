import { Body, Delete, Get, HttpCode, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { Clock } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  createDirectory,
  deleteDirectory,
  findDirectory,
  listDirectories,
  setDirectoryEnabled,
  updateDirectory,
} from '@rollcall/management';
import type { DirectoryView, Writer } from '@rollcall/management';
import { CLOCK, CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import {
  CreateDirectoryBody,
  DirectoryAnswer,
  DirectoryList,
  EnabledAnswer,
  UpdateDirectoryBody,
} from './directory.dto';
import type { DirectoryItem } from './directory.dto';
import { ACTION_PARAMETER, directoryIdParam, organizationIdParam } from './directory-path';
import { readDirectoryPatch, readNewDirectory } from './read-directory-body';
import { renderDirectory } from './render-directory';

@ManagementController('Directories', '/organizations/:organization_id/directories')
@ApiParam({ name: 'organization_id', type: String })
export class DirectoriesController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly pager: Pager,
  ) {}

  @Post()
  @Access('write', 'own')
  @ApiOperation({ operationId: 'createDirectory', summary: 'Create a directory: enabled, without a secret' })
  @ApiResponse({ status: 201, type: DirectoryAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @Body() body: CreateDirectoryBody,
  ) {
    const scope = { environmentId, organizationId };
    const created = await createDirectory(writer, scope, readNewDirectory(body));
    return answerAndWake(created, (view): DirectoryAnswer => ({ directory: this.render(view) }));
  }

  @Get()
  @Access('read', 'own')
  @ApiOperation({ operationId: 'listDirectories', summary: 'List the directories, oldest first' })
  @ApiResponse({ status: 200, type: DirectoryList })
  async list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @Query() query: PageQuery,
  ): Promise<DirectoryList> {
    const scope = ['directories', environmentId, organizationId];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listDirectories(this.dataSource, { environmentId, organizationId }, request),
    );
    return { directories: page.rows.map((view) => this.render(view)), ...info };
  }

  @Get(':directory_id')
  @Access('read', 'own')
  @ApiOperation({ operationId: 'getDirectory', summary: 'Get a directory' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: DirectoryAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ): Promise<DirectoryAnswer> {
    const view = await findDirectory(this.dataSource, { environmentId, organizationId, directoryId });
    return { directory: this.render(view) };
  }

  @Patch(':directory_id')
  @Access('write', 'own')
  @ApiOperation({ operationId: 'updateDirectory', summary: 'Change a directory' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: DirectoryAnswer })
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: UpdateDirectoryBody,
  ): Promise<DirectoryAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return { directory: this.render(await updateDirectory(writer, scope, readDirectoryPatch(body))) };
  }

  @Delete(':directory_id')
  @Access('write', 'own')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteDirectory', summary: 'Delete a directory with its users and groups' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    return answerAndWake(await deleteDirectory(writer, scope), () => undefined);
  }

  @Patch(`${ACTION_PARAMETER}::enable`)
  @Access('write', 'own')
  @ApiOperation({ operationId: 'enableDirectory', summary: 'Enable a directory' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: EnabledAnswer })
  async enable(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    const done = await setDirectoryEnabled(writer, scope, true);
    return answerAndWake(done, (): EnabledAnswer => ({ enabled: true }));
  }

  @Patch(`${ACTION_PARAMETER}::disable`)
  @Access('write', 'own')
  @ApiOperation({ operationId: 'disableDirectory', summary: 'Disable a directory; its identity provider gets 403' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: EnabledAnswer })
  async disable(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    const done = await setDirectoryEnabled(writer, scope, false);
    return answerAndWake(done, (): EnabledAnswer => ({ enabled: false }));
  }

  private render(view: DirectoryView): DirectoryItem {
    return renderDirectory(view, { publicUrl: this.config.publicUrl, now: this.clock() });
  }
}
