import { Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Logger, Metrics } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { readEventFeed } from '@rollcall/management';
import { CONFIG, LOGGER, METRICS } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { Problem } from '../problem';
import { UnavailableCells } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { watchHorizon } from './watch-horizon';
import { DEFAULT_EVENTS, EventsQuery, readEventsQuery } from './read-events-query';

/** An event of a directory's stream. */
export class EventItem {
  @ApiProperty({ type: String, enum: ['1'] })
  spec_version: string;

  @ApiProperty({ type: String, example: 'evt_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String, example: 'organization.directory.user_updated' })
  type: string;

  @ApiProperty({ type: String, enum: ['Directory', 'DirectoryUser', 'DirectoryGroup'] })
  object: string;

  @ApiProperty({ type: String })
  environment_id: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiProperty({ type: 'integer', description: 'The place in the directory’s stream, from 1 without gap.' })
  sequence: number;

  @ApiPropertyOptional({
    type: 'integer',
    description:
      'Rises when the server was restored: sequences of different epochs do not continue each other. Absent: 1.',
  })
  epoch?: number;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The whole object after the change.' })
  data: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Old values of what changed; only on *_updated.',
  })
  previous_attributes?: Record<string, unknown>;
}

class EventsAnswer {
  @ApiProperty({ type: [EventItem], description: 'Oldest first.' })
  events: EventItem[];

  @ApiProperty({ type: String, description: 'Always there: the `after` of the next call.' })
  next_after: string;

  @ApiProperty({ type: Boolean })
  has_more: boolean;

  @UnavailableCells()
  unavailable_cells?: string[];
}

@ManagementController('Events')
export class EventsController {
  private readonly sawHorizon: (heldBy: string | null) => void;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    private readonly pager: Pager,
    @Inject(LOGGER) logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.sawHorizon = watchHorizon({ logger, metrics });
  }

  @Get('events')
  @Access('read', 'filtered')
  @LongRead()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'Read the event feed, oldest first',
    description:
      'A reader that follows `next_after` misses nothing. 410 `events_expired` or `events_ahead`: take a snapshot and go on from there.',
  })
  @ApiResponse({ status: 200, type: EventsAnswer })
  @ApiResponse({
    status: 410,
    type: Problem,
    description:
      '`events_expired`, with `oldest_sequence` in its details; `events_ahead`, with `last_sequence` and `epoch`: the server was restored.',
  })
  async list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: EventsQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { tokens } = this.pager;
    const scope = `events:${environmentId}`;
    const { bodies, next, hasMore, heldBy } = await readEventFeed(this.dataSource, environmentId, {
      ...readEventsQuery(query, tokens, scope),
      only,
      size: query.page_size ?? DEFAULT_EVENTS,
      retentionSeconds: this.config.eventRetentionDays * 86_400,
    });
    this.sawHorizon(heldBy);
    // The stored texts as they are: a receiver may check a webhook's signature over them.
    const text = `{"events":[${bodies.join(',')}],"next_after":${JSON.stringify(tokens.encode(next, scope))},"has_more":${hasMore}}`;
    await reply.header('content-type', 'application/json; charset=utf-8').send(text);
  }
}
