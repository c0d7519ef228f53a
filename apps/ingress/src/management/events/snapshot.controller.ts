import { Readable } from 'node:stream';
import { Get, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { openSnapshot } from '@rollcall/management';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';

/** Each holds one of the process's database connections for as long as its reader takes. */
const MAX_SNAPSHOTS = 3;
const RETRY_AFTER_SECONDS = 10;

@ManagementController('Events', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class SnapshotController {
  private open = 0;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

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
    if (this.open >= MAX_SNAPSHOTS) throw tooMany();
    this.open += 1;
    let lines: AsyncGenerator<string>;
    try {
      lines = await openSnapshot(this.dataSource, { environmentId, organizationId, directoryId });
    } catch (error) {
      this.open -= 1;
      throw error;
    }
    const body = Readable.from(lines).once('close', () => (this.open -= 1));
    await reply.header('content-type', 'application/x-ndjson; charset=utf-8').send(body);
  }
}

function tooMany(): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'too_many_snapshots',
    message: `This process is streaming ${MAX_SNAPSHOTS} snapshots already. Try again in a few seconds.`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
