import { Body, Delete, Get, HttpCode, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
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
import { DirectoryService } from './directory.service';
import { ACTION_PARAMETER, directoryIdParam, organizationIdParam } from './directory-path';

@ManagementController('Directories', '/organizations/:organization_id/directories')
@ApiParam({ name: 'organization_id', type: String })
export class DirectoriesController {
  constructor(
    @Inject(DirectoryService) private readonly directories: DirectoryService,
    @Inject(Pager) private readonly pager: Pager,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'createDirectory', summary: 'Create a directory: enabled, without a secret' })
  @ApiResponse({ status: 201, type: DirectoryAnswer })
  async create(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @Body() body: CreateDirectoryBody,
  ): Promise<DirectoryAnswer> {
    return { directory: await this.directories.create({ environmentId, organizationId }, body) };
  }

  @Get()
  @ApiOperation({ operationId: 'listDirectories', summary: 'List the directories, oldest first' })
  @ApiResponse({ status: 200, type: DirectoryList })
  async list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @Query() query: PageQuery,
  ): Promise<DirectoryList> {
    const scope = ['directories', environmentId, organizationId];
    const { directories, ...page } = await this.directories.list(
      { environmentId, organizationId },
      this.pager.read(query, ...scope),
    );
    return { directories, ...this.pager.info(page, ...scope) };
  }

  @Get(':directory_id')
  @ApiOperation({ operationId: 'getDirectory', summary: 'Get a directory' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: DirectoryAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ): Promise<DirectoryAnswer> {
    return { directory: await this.directories.get({ environmentId, organizationId, directoryId }) };
  }

  @Patch(':directory_id')
  @ApiOperation({ operationId: 'updateDirectory', summary: 'Change a directory' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: DirectoryAnswer })
  async update(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: UpdateDirectoryBody,
  ): Promise<DirectoryAnswer> {
    return { directory: await this.directories.update({ environmentId, organizationId, directoryId }, body) };
  }

  @Delete(':directory_id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteDirectory', summary: 'Delete a directory with its users and groups' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ): Promise<void> {
    await this.directories.delete({ environmentId, organizationId, directoryId });
  }

  @Patch(`${ACTION_PARAMETER}::enable`)
  @ApiOperation({ operationId: 'enableDirectory', summary: 'Enable a directory' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: EnabledAnswer })
  enable(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ): Promise<EnabledAnswer> {
    return this.directories.setEnabled({ environmentId, organizationId, directoryId }, true);
  }

  @Patch(`${ACTION_PARAMETER}::disable`)
  @ApiOperation({ operationId: 'disableDirectory', summary: 'Disable a directory; its identity provider gets 403' })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiResponse({ status: 200, type: EnabledAnswer })
  disable(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
  ): Promise<EnabledAnswer> {
    return this.directories.setEnabled({ environmentId, organizationId, directoryId }, false);
  }
}
