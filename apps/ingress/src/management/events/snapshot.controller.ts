import { Readable } from 'node:stream';
import { Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { openSnapshot } from '@rollcall/management';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { CONFIG, SNAPSHOT_PACE } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { paceReader } from './pace-reader';
import type { Pace } from './pace-reader';

/** Of the process, as long as that is a third of its connections; half of them of one environment. */
const MAX_SNAPSHOTS = 4;
const RETRY_AFTER_SECONDS = 10;

@ManagementController('Events', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class SnapshotController {
  /** How many are open, by environment. */
  private readonly open = new Map<string, number>();
  /** Each holds one of the process's database connections for as long as its reader takes. */
  private readonly max: number;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) { databasePoolSize = MAX_SNAPSHOTS * 3 }: IngressConfig,
    @Inject(SNAPSHOT_PACE) private readonly pace: Pace,
  ) {
    this.max = Math.min(MAX_SNAPSHOTS, Math.floor(databasePoolSize / 3));
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
    const giveBack = this.takeSlot(environmentId);
    try {
      const lines = await openSnapshot(this.dataSource, { environmentId, organizationId, directoryId });
      const paced = paceReader(lines, this.pace, (error) => body.destroy(error));
      const body: Readable = Readable.from(paced).once('close', giveBack);
      await reply.header('content-type', 'application/x-ndjson; charset=utf-8').send(body);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** A connection to the database for as long as a reader takes; the returned function gives it back, once. */
  private takeSlot(environmentId: string): () => void {
    const perEnvironment = Math.ceil(this.max / 2);
    const ofEnvironment = this.open.get(environmentId) ?? 0;
    const all = [...this.open.values()].reduce((sum, open) => sum + open, 0);
    if (ofEnvironment >= perEnvironment) throw tooMany(`This environment has ${perEnvironment} snapshots`);
    if (all >= this.max) throw tooMany(`This process has ${this.max} snapshots`);
    this.open.set(environmentId, ofEnvironment + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = (this.open.get(environmentId) ?? 1) - 1;
      if (left > 0) this.open.set(environmentId, left);
      else this.open.delete(environmentId);
    };
  }
}

function tooMany(found: string): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'too_many_snapshots',
    message: `${found} under way already. Try again in a few seconds.`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
