import { Body, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { EnvironmentId } from '../access-token.guard';
import { ACTION_PARAMETER, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { DecideDeprovisioningBody, DeprovisioningAnswer, HeldUserList, HeldUsersQuery } from './deprovisioning.dto';
import { DeprovisioningService } from './deprovisioning.service';

@ManagementController('Held deprovisioning', '/organizations/:organization_id/directories')
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class DeprovisioningController {
  constructor(@Inject(DeprovisioningService) private readonly deprovisioning: DeprovisioningService) {}

  @Get(':directory_id/held_users')
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
    return this.deprovisioning.listHeldUsers({ environmentId, organizationId, directoryId }, query);
  }

  @Post(`${ACTION_PARAMETER}::release_deprovisioning`)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'releaseDeprovisioning',
    summary: 'Publish what is held: one event for each object, from what is published to what is current',
  })
  @ApiResponse({ status: 200, type: DeprovisioningAnswer })
  async release(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: DecideDeprovisioningBody,
  ): Promise<DeprovisioningAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return { deprovisioning: await this.deprovisioning.decide(scope, 'release', body) };
  }

  @Post(`${ACTION_PARAMETER}::discard_deprovisioning`)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'discardDeprovisioning',
    summary: 'Keep what is published of held users until the identity provider changes them again',
  })
  @ApiResponse({ status: 200, type: DeprovisioningAnswer })
  async discard(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Body() body: DecideDeprovisioningBody,
  ): Promise<DeprovisioningAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return { deprovisioning: await this.deprovisioning.decide(scope, 'discard', body) };
  }
}
