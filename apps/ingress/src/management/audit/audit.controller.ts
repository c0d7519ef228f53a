import { Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { exportAuditEntries, listAuditEntries, renderAuditEntry } from '@rollcall/management';
import type { AuditFilter, AuditRow } from '@rollcall/management';
import { STREAM_PACE } from '../../http/context.module';
import { StreamSlots } from '../../http/stream-slots';
import type { StreamLimits } from '../../http/stream-slots';
import { streamAtPace } from '../../http/stream-at-pace';
import type { Pace } from '../../http/stream-at-pace';
import { varyOn } from '../../http/vary-on';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { Access } from '../access/access';
import { ManagementController } from '../management-controller';
import { Pager } from '../paging/pager';
import { AuditLogAnswer, AuditQuery } from './audit.dto';

const NDJSON = 'application/x-ndjson';
/** Exports that a process runs at a time, and those of one environment among them. */
const EXPORTS: StreamLimits = { what: 'exports', code: 'too_many_exports', max: 8, perEnvironment: 2 };

@ManagementController('Audit log')
export class AuditController {
  private readonly slots = new StreamSlots(EXPORTS);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly pager: Pager,
    @Inject(STREAM_PACE) private readonly pace: Pace,
  ) {}

  @Get('audit_log')
  @Access('read', 'filtered')
  @ApiOperation({
    operationId: 'listAuditLog',
    summary: 'Read who did what, newest first',
    description:
      'With `Accept: application/x-ndjson` all entries that the filters let through, one JSON object a line.',
  })
  @ApiExtraModels(AuditLogAnswer)
  @ApiResponse({
    status: 200,
    content: {
      'application/json': { schema: { $ref: getSchemaPath(AuditLogAnswer) } },
      [NDJSON]: { schema: { type: 'string' } },
    },
  })
  async list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: AuditQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = { ...readFilter(query), only };
    varyOn(reply, 'accept');
    if (request.headers.accept?.toLowerCase().includes(NDJSON)) return this.export(environmentId, filter, reply);
    const scope = ['audit_log', environmentId, filter];
    const { page, next_page_token } = await this.pager.log(query, scope, (asked) =>
      listAuditEntries(this.dataSource, environmentId, filter, asked),
    );
    const answer: AuditLogAnswer = { entries: page.rows.map(renderAuditEntry), next_page_token };
    await reply.send(answer);
  }

  private async export(environmentId: string, filter: AuditFilter, reply: FastifyReply): Promise<void> {
    const giveBack = this.slots.take(environmentId);
    const lines = renderLines(exportAuditEntries(this.dataSource, environmentId, filter));
    // However long: unlike a snapshot it keeps nothing from being cleaned up.
    const body = streamAtPace(lines, { ...this.pace, totalMs: Number.POSITIVE_INFINITY }, giveBack);
    // It has no connection between two slices, so it keeps no other request from its turn until it is sent.
    void reply.header('content-type', `${NDJSON}; charset=utf-8`).send(body);
  }
}

function readFilter({ organization_id, actor_id, action, target_id, from_time, to_time }: AuditQuery): AuditFilter {
  return {
    organizationId: organization_id && (parseId('org', organization_id) ?? organization_id),
    actorId: actor_id,
    action,
    targetId: target_id,
    fromTime: from_time,
    toTime: to_time,
  };
}

async function* renderLines(slices: AsyncIterable<AuditRow[]>): AsyncGenerator<string> {
  for await (const rows of slices) {
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(renderAuditEntry(row))}\n`).join('');
  }
}
