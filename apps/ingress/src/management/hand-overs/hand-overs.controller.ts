import { Body, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { Clock } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { revokeHandOver } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { CLOCK, CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { answerHandOvers, answerNewHandOver, handOverIdParam } from './answer-hand-overs';
import { CreateHandOverBody, HandOverList, NewHandOverAnswer } from './hand-over.dto';

@ManagementController('Hand-overs', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class HandOversController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @Inject(CONFIG) readonly config: IngressConfig,
    @Inject(CLOCK) readonly clock: Clock,
    readonly pager: Pager,
  ) {}

  @Post('hand_overs')
  @Access('write', 'own')
  @ApiBody({ type: CreateHandOverBody, required: false })
  @ApiOperation({
    operationId: 'createHandOver',
    summary: 'Make a link with which a colleague sets up this one directory, without coming into the Admin Portal',
    description:
      'The page that it opens shows the endpoint URL, the steps at the identity provider and how the directory is doing. It issues and shows a bearer token once, when its reader asks for it: the link opens nothing any more from then on, and the page goes on until `expire_time`.',
  })
  @ApiResponse({ status: 201, type: NewHandOverAnswer })
  create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: CreateHandOverBody,
  ): Promise<NewHandOverAnswer> {
    return answerNewHandOver(this, writer, { environmentId, organizationId, directoryId }, body);
  }

  @Get('hand_overs')
  @Access('read', 'own')
  @ApiOperation({
    operationId: 'listHandOvers',
    summary: 'List what has become of the links that hand a directory over, newest first',
  })
  @ApiResponse({ status: 200, type: HandOverList })
  list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: PageQuery,
  ): Promise<HandOverList> {
    return answerHandOvers(this, { environmentId, organizationId, directoryId }, query);
  }

  @Delete('hand_overs/:hand_over_id')
  @Access('write', 'own')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeHandOver',
    summary: 'Revoke a hand-over: neither its link nor its page shows anything any more',
    description: 'The bearer token that it may have shown keeps working; revoke that by its `secret_id`.',
  })
  @ApiParam({ name: 'hand_over_id', type: String })
  @ApiResponse({ status: 204 })
  async revoke(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @handOverIdParam() handOverId: string,
  ): Promise<void> {
    await revokeHandOver(writer, { environmentId, organizationId, directoryId }, handOverId);
  }
}
