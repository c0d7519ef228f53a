import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { Writer } from '@rollcall/management';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ACTION_PARAMETER, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { Pager } from '../paging/pager';
import { answerDecision, answerHeldUsers } from './answer-deprovisioning';
import { DecideDeprovisioningBody, DeprovisioningAnswer, HeldUserList, HeldUsersQuery } from './deprovisioning.dto';

@ManagementController('Held deprovisioning', '/organizations/:organization_id/directories')
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class DeprovisioningController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    readonly pager: Pager,
  ) {}

  @Get(':directory_id/held_users')
  @Access('read', 'own')
  @ApiOperation({
    operationId: 'listHeldUsers',
    summary: 'List the users whose deactivation or deletion is held back by the deprovision guard',
  })
  @ApiResponse({ status: 200, type: HeldUserList })
  listHeldUsers(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: HeldUsersQuery,
  ): Promise<HeldUserList> {
    return answerHeldUsers(this, { environmentId, organizationId, directoryId }, query);
  }

  @Post(`${ACTION_PARAMETER}::release_deprovisioning`)
  @Access('write', 'own')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'releaseDeprovisioning',
    summary: 'Publish what is held: one event for each object, from what is published to what is current',
  })
  @ApiResponse({ status: 200, type: DeprovisioningAnswer })
  release(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: DecideDeprovisioningBody,
  ) {
    return answerDecision(writer, { environmentId, organizationId, directoryId }, 'release', body);
  }

  @Post(`${ACTION_PARAMETER}::discard_deprovisioning`)
  @Access('write', 'own')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'discardDeprovisioning',
    summary: 'Keep what is published of held users until the identity provider changes them again',
  })
  @ApiResponse({ status: 200, type: DeprovisioningAnswer })
  discard(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: DecideDeprovisioningBody,
  ) {
    return answerDecision(writer, { environmentId, organizationId, directoryId }, 'discard', body);
  }
}
