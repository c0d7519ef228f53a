import { Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { openSnapshot } from '@rollcall/management';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { CONFIG, STREAM_PACE } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { StreamSlots } from '../../http/stream-slots';
import { streamAtPace } from '../../http/stream-at-pace';
import type { Pace } from '../../http/stream-at-pace';

/** Of the process, as long as that is a third of its connections; half of them of one environment. */
const MAX_SNAPSHOTS = 4;

@ManagementController('Events', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class SnapshotController {
  /** Each holds one of the process's database connections for as long as its reader takes. */
  private readonly slots: StreamSlots;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) { databasePoolSize = MAX_SNAPSHOTS * 3 }: IngressConfig,
    @Inject(STREAM_PACE) private readonly pace: Pace,
  ) {
    const max = Math.min(MAX_SNAPSHOTS, Math.floor(databasePoolSize / 3));
    this.slots = new StreamSlots({
      what: 'snapshots',
      code: 'too_many_snapshots',
      max,
      perEnvironment: Math.ceil(max / 2),
    });
  }

  @Get('snapshot')
  @Access('read', 'own')
  @ApiOperation({
    operationId: 'getDirectorySnapshot',
    summary: 'Stream everything that has been published of a directory',
    description: 'NDJSON: header, users, groups, memberships, end. Without the end line it was cut: throw it away.',
  })
  @ApiResponse({ status: 200, content: { 'application/x-ndjson': { schema: { type: 'string' } } } })
  async stream(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const giveBack = this.slots.take(environmentId);
    try {
      const lines = await openSnapshot(this.dataSource, { environmentId, organizationId, directoryId });
      const body = streamAtPace(lines, this.pace, giveBack);
      await reply.header('content-type', 'application/x-ndjson; charset=utf-8').send(body);
    } catch (error) {
      giveBack();
      throw error;
    }
  }
}
