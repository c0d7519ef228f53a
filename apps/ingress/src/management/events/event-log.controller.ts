import { Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProperty, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { objectOf } from '@rollcall/contract';
import { parseId, publicId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findEventBody, listEventDeliveries, listLatestEvents } from '@rollcall/management';
import type { EventSummary } from '@rollcall/management';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { DeliveryList } from '../webhook-endpoints/delivery.dto';
import { renderDelivery } from '../webhook-endpoints/render-webhook-endpoint';
import { LatestEventsAnswer, LatestEventsQuery } from './event-log.dto';
import { EventItem } from './events.controller';

class EventAnswer {
  @ApiProperty({ type: EventItem })
  event: EventItem;
}

const eventIdParam = () => Param('event_id', new IdPipe('evt', 'event'));

/** The events for people to look at. Who has to miss none reads the feed. */
@ManagementController('Events')
export class EventLogController {
  private readonly retentionSeconds: number;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) config: IngressConfig,
    private readonly pager: Pager,
  ) {
    this.retentionSeconds = config.eventRetentionDays * 86_400;
  }

  @Get('events::latest')
  @Access('read', 'filtered')
  @LongRead()
  @ApiOperation({
    operationId: 'listLatestEvents',
    summary: 'Look through the events, newest first',
    description: 'For people to look at; a program that must miss none reads `GET /events`.',
  })
  @ApiResponse({ status: 200, type: LatestEventsAnswer })
  async latest(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: LatestEventsQuery,
  ): Promise<LatestEventsAnswer> {
    const filter = { ...readFilter(query), only };
    const { page, next_page_token } = await this.pager.log(query, ['events:latest', environmentId, filter], (asked) =>
      listLatestEvents(this.dataSource, environmentId, filter, asked, this.retentionSeconds),
    );
    return { events: page.rows.map(renderSummary), next_page_token };
  }

  @Get('events/:event_id')
  @Access('read', 'filtered')
  @ApiOperation({ operationId: 'getEvent', summary: 'Get an event as it is sent, byte for byte' })
  @ApiParam({ name: 'event_id', type: String })
  @ApiResponse({ status: 200, type: EventAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @eventIdParam() eventId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { retentionSeconds } = this;
    const body = await findEventBody(this.dataSource, { environmentId, eventId, only, retentionSeconds });
    await reply.header('content-type', 'application/json; charset=utf-8').send(`{"event":${body}}`);
  }

  @Get('events/:event_id/deliveries')
  @Access('read', 'refused')
  @ApiOperation({
    operationId: 'listEventDeliveries',
    summary: 'List the deliveries of an event to all endpoints, newest first',
  })
  @ApiParam({ name: 'event_id', type: String })
  @ApiResponse({ status: 200, type: DeliveryList })
  async deliveries(
    @EnvironmentId() environmentId: string,
    @eventIdParam() eventId: string,
    @Query() query: PageQuery,
  ): Promise<DeliveryList> {
    const { retentionSeconds } = this;
    const { page, info } = await this.pager.list(query, ['event_deliveries', environmentId, eventId], (request) =>
      listEventDeliveries(this.dataSource, { environmentId, eventId, retentionSeconds }, request),
    );
    return { deliveries: page.rows.map(renderDelivery), ...info };
  }
}

function readFilter({ types, organization_id, directory_id, from_time, to_time }: LatestEventsQuery) {
  return {
    types: types && types.length > 0 ? types : undefined,
    organizationId: (organization_id && parseId('org', organization_id)) || undefined,
    directoryId: (directory_id && parseId('dir', directory_id)) || undefined,
    fromTime: from_time,
    toTime: to_time,
  };
}

function renderSummary(row: EventSummary) {
  return {
    id: publicId('evt', row.id),
    type: row.type,
    object: objectOf(row.type),
    organization_id: publicId('org', row.organization_id),
    directory_id: publicId('dir', row.directory_id),
    sequence: Number(row.sequence),
    occurred_at: row.occurred_at.toISOString(),
    name: row.name,
  };
}
