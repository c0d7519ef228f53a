import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { RequestWriter } from '../http/request-writer';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { answerDecision, answerHeldUsers } from '../management/deprovisioning/answer-deprovisioning';
import { DecideDeprovisioningBody, HeldUsersQuery } from '../management/deprovisioning/deprovisioning.dto';
import { ACTION_PARAMETER, directoryIdParam } from '../management/directories/directory-path';
import { Pager } from '../management/paging/pager';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** What the deprovision guard holds, listed and decided by the organization's admin. */
@PortalController('/directories')
@WakesWorkers()
export class PortalDeprovisioningController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    readonly pager: Pager,
  ) {}

  @Get(':directory_id/held_users')
  list(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string, @Query() query: HeldUsersQuery) {
    return answerHeldUsers(this, { ...scopeOf(session), directoryId }, query);
  }

  @Post(`${ACTION_PARAMETER}::release_deprovisioning`)
  @HttpCode(200)
  release(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: DecideDeprovisioningBody,
  ) {
    return answerDecision(writer, { ...scopeOf(session), directoryId }, 'release', body);
  }

  @Post(`${ACTION_PARAMETER}::discard_deprovisioning`)
  @HttpCode(200)
  discard(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: DecideDeprovisioningBody,
  ) {
    return answerDecision(writer, { ...scopeOf(session), directoryId }, 'discard', body);
  }
}
