import { Body, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { newId } from '@rollcall/platform';
import { cancelReplay, createReplay, findReplay, listReplays, pauseReplay, resumeReplay } from '@rollcall/management';
import type { Waking, Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { renderDryRun, renderReplay } from '@rollcall/pipeline-store';
import type { ReplayView } from '@rollcall/pipeline-store';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { endpointIdParam } from '../webhook-endpoints/endpoint-path';
import { readReplayBody } from './read-replay-body';
import { ReplayAnswer, ReplayBody, ReplayList } from './replay.dto';

const replayIdParam = () => Param('replay_id', new IdPipe('rpl', 'replay'));

@ManagementController('Webhook endpoints', '/webhook_endpoints')
export class ReplaysController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    private readonly pager: Pager,
  ) {}

  @Post(':endpoint_id(^[^/:]+)::replay')
  @Access('write', 'refused')
  @HttpCode(202)
  @ApiBody({ type: ReplayBody, required: false })
  @ApiOperation({
    operationId: 'replayEvents',
    summary: 'Send a range of stored events to the endpoint once more',
    description:
      'Every bound is inclusive; without any, everything that is kept is sent. Requests carry the original bytes, the same `webhook-id`, a new timestamp and the header `rollcall-replay`. On a `fifo` endpoint live events of the directories concerned wait until the replay is over or paused.',
  })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 202, type: ReplayAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Body() body: ReplayBody,
  ) {
    const dryRun = body.dry_run ?? false;
    const options = { dryRun, retentionSeconds: this.config.eventRetentionDays * 86_400 };
    const request = readReplayBody(body, newId());
    const created = await createReplay(writer, { environmentId, endpointId }, request, options);
    return answerAndWake(created, (replay): ReplayAnswer => ({
      replay: dryRun ? renderDryRun(replay) : renderReplay({ replay, done: 0, failed: 0 }),
    }));
  }

  @Get(':endpoint_id/replays')
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'listReplays', summary: 'List the replays to the endpoint, newest first' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiResponse({ status: 200, type: ReplayList })
  async list(
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @Query() query: PageQuery,
  ): Promise<ReplayList> {
    const scope = ['replays', environmentId, endpointId];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listReplays(this.dataSource, { environmentId, endpointId }, request),
    );
    return { replays: page.rows.map(renderReplay), ...info };
  }

  @Get(':endpoint_id/replays/:replay_id')
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'getReplay', summary: 'Get a replay with its progress' })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiParam({ name: 'replay_id', type: String })
  @ApiResponse({ status: 200, type: ReplayAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @replayIdParam() replayId: string,
  ): Promise<ReplayAnswer> {
    return { replay: renderReplay(await findReplay(this.dataSource, { environmentId, endpointId, replayId })) };
  }

  @Post(':endpoint_id/replays/:replay_id(^[^/:]+)::pause')
  @Access('write', 'refused')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'pauseReplay',
    summary: 'Send nothing more of a replay until it is resumed',
    description: 'Live events that waited for it go meanwhile. A replay that does not run stays as it is.',
  })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiParam({ name: 'replay_id', type: String })
  @ApiResponse({ status: 200, type: ReplayAnswer })
  pause(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @replayIdParam() replayId: string,
  ) {
    return answerSteered(pauseReplay(writer, { environmentId, endpointId, replayId }));
  }

  @Post(':endpoint_id/replays/:replay_id(^[^/:]+)::resume')
  @Access('write', 'refused')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'resumeReplay',
    summary: 'Go on with a paused replay where it stopped',
    description: 'A replay that is not paused stays as it is.',
  })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiParam({ name: 'replay_id', type: String })
  @ApiResponse({ status: 200, type: ReplayAnswer })
  resume(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @replayIdParam() replayId: string,
  ) {
    return answerSteered(resumeReplay(writer, { environmentId, endpointId, replayId }));
  }

  @Post(':endpoint_id/replays/:replay_id(^[^/:]+)::cancel')
  @Access('write', 'refused')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelReplay',
    summary: 'End a replay; its pending deliveries are canceled',
    description:
      'With `failed_only` they are failed again instead. What is on the way may still arrive. A replay that is over stays as it is.',
  })
  @ApiParam({ name: 'endpoint_id', type: String })
  @ApiParam({ name: 'replay_id', type: String })
  @ApiResponse({ status: 200, type: ReplayAnswer })
  cancel(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @endpointIdParam() endpointId: string,
    @replayIdParam() replayId: string,
  ) {
    return answerSteered(cancelReplay(writer, { environmentId, endpointId, replayId }));
  }
}

async function answerSteered(steering: Promise<Waking<ReplayView>>) {
  return answerAndWake(await steering, (view): ReplayAnswer => ({ replay: renderReplay(view) }));
}
