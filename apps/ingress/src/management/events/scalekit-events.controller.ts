import { Body, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { listScalekitEvents } from './list-scalekit-events';
import { ScalekitEventFilter, ScalekitEventList } from './scalekit-event.dto';

/** The events where Scalekit's API has them, and in its form. */
@ManagementController('Events')
export class ScalekitEventsController {
  readonly retentionSeconds: number;

  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @Inject(CONFIG) config: IngressConfig,
    readonly pager: Pager,
  ) {
    this.retentionSeconds = config.eventRetentionDays * 86_400;
  }

  /** Reads, although it is a POST: the filter is its body. */
  @Post('events/paginated')
  @Access('read', 'filtered')
  @LongRead()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'listEventsPaginated',
    summary: 'List the events as Scalekit’s API does, newest first',
    description:
      'The events of the eight types that Scalekit has, in its form, for applications that were written for it; a program that must miss none reads `GET /events`.',
  })
  @ApiResponse({ status: 200, type: ScalekitEventList })
  list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: PageQuery,
    @Body() filter: ScalekitEventFilter,
  ): Promise<ScalekitEventList> {
    return listScalekitEvents(this, { environmentId, only }, filter, query);
  }
}
