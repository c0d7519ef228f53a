import { Body, Controller, Get, HttpCode, Post, Query, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { RequestWriter } from '../http/request-writer';
import { TakesTurns } from '../http/take-turn.interceptor';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { answerDecision, answerHeldUsers } from '../management/deprovisioning/answer-deprovisioning';
import { DecideDeprovisioningBody, HeldUsersQuery } from '../management/deprovisioning/deprovisioning.dto';
import { ACTION_PARAMETER, directoryIdParam } from '../management/directories/directory-path';
import { InputPipe } from '../management/input/input.pipe';
import { Pager } from '../management/paging/pager';
import { PortalSessionGuard, scopeOf, Session } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

/** What the deprovision guard holds, listed and decided by the organization's admin. */
@ApiExcludeController()
@Controller('portal/api/directories')
@UseGuards(SameOriginGuard, PortalSessionGuard)
@UsePipes(InputPipe)
@TakesTurns()
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
