import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { decideDeprovisioning, listHeldUsers } from '@rollcall/management';
import type { DirectoryScope, HoldDecision, Writer } from '@rollcall/management';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ACTION_PARAMETER, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { Pager } from '../paging/pager';
import { DecideDeprovisioningBody, DeprovisioningAnswer, HeldUserList, HeldUsersQuery } from './deprovisioning.dto';
import { renderDeprovisioning, renderHeldUser } from './render-deprovisioning';

@ManagementController('Held deprovisioning', '/organizations/:organization_id/directories')
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class DeprovisioningController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly pager: Pager,
  ) {}

  @Get(':directory_id/held_users')
  @Access('read', 'own')
  @ApiOperation({
    operationId: 'listHeldUsers',
    summary: 'List the users whose deactivation or deletion is held back by the deprovision guard',
  })
  @ApiResponse({ status: 200, type: HeldUserList })
  async listHeldUsers(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() query: HeldUsersQuery,
  ): Promise<HeldUserList> {
    const scope = { environmentId, organizationId, directoryId };
    const { state, include_detail: detail = false } = query;
    const filter = state === undefined ? {} : { discarded: state === 'DISCARDED' };
    const list = ['held_users', ...Object.values(scope), state];
    const { page, info } = await this.pager.list(query, list, (request) =>
      listHeldUsers(this.dataSource, scope, filter, request),
    );
    return { held_users: page.rows.map((row) => renderHeldUser(row, detail)), ...info };
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
    return decide(writer, { environmentId, organizationId, directoryId }, 'release', body);
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
    return decide(writer, { environmentId, organizationId, directoryId }, 'discard', body);
  }
}

async function decide(
  writer: Writer,
  scope: DirectoryScope,
  action: HoldDecision['action'],
  { user_ids }: DecideDeprovisioningBody,
) {
  const userIds = user_ids?.map((id) => parseId('diruser', id) ?? '') ?? null;
  const decided = await decideDeprovisioning(writer, scope, { action, userIds });
  return answerAndWake(decided, (view): DeprovisioningAnswer => ({ deprovisioning: renderDeprovisioning(view) }));
}
