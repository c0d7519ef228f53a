import { Body, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Clock } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { revokeHandOver } from '@rollcall/management';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { CLOCK, CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { directoryIdParam } from '../management/directories/directory-path';
import { answerHandOvers, answerNewHandOver, handOverIdParam } from '../management/hand-overs/answer-hand-overs';
import { CreateHandOverBody } from '../management/hand-overs/hand-over.dto';
import { PageQuery } from '../management/paging/page-query';
import { Pager } from '../management/paging/pager';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** The links with which the organization's admin hands a directory over, made, followed and revoked. */
@PortalController('/directories/:directory_id/hand_overs')
export class PortalHandOversController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @Inject(CONFIG) readonly config: IngressConfig,
    @Inject(CLOCK) readonly clock: Clock,
    readonly pager: Pager,
  ) {}

  @Get()
  list(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string, @Query() query: PageQuery) {
    return answerHandOvers(this, { ...scopeOf(session), directoryId }, query);
  }

  @Post()
  create(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Body() body: CreateHandOverBody,
  ) {
    return answerNewHandOver(this, writer, { ...scopeOf(session), directoryId }, body);
  }

  @Delete(':hand_over_id')
  @HttpCode(204)
  async revoke(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @handOverIdParam() handOverId: string,
  ): Promise<void> {
    await revokeHandOver(writer, { ...scopeOf(session), directoryId }, handOverId);
  }
}
