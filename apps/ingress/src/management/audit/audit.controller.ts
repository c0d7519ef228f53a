import { Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { exportAuditEntries, listAuditEntries } from '@rollcall/management';
import type { AuditFilter, AuditRow } from '@rollcall/management';
import { streamChunks } from '../../http/stream-chunks';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { Access } from '../access/access';
import { ManagementController } from '../management-controller';
import { Pager } from '../paging/pager';
import { AuditLogAnswer, AuditQuery } from './audit.dto';
import { renderAuditEntry } from './render-audit-entry';

const NDJSON = 'application/x-ndjson';
/** Exports that a process runs at a time, and those of one environment among them. */
const MAX_EXPORTS = 8;
const MAX_EXPORTS_OF_ENVIRONMENT = 2;
const RETRY_AFTER_SECONDS = 10;

@ManagementController('Audit log')
export class AuditController {
  /** The environments of the exports that are open. */
  private readonly open: string[] = [];

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly pager: Pager,
  ) {}

  @Get('audit_log')
  @Access('read', 'filtered')
  @ApiOperation({
    operationId: 'listAuditLog',
    summary: 'Read who did what, newest first',
    description:
      'With `Accept: application/x-ndjson` all entries that the filters let through, one JSON object a line.',
  })
  @ApiProduces('application/json', NDJSON)
  @ApiResponse({ status: 200, type: AuditLogAnswer })
  async list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: AuditQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = { ...readFilter(query), only };
    if (request.headers.accept?.toLowerCase().includes(NDJSON)) return this.export(environmentId, filter, reply);
    const scope = ['audit_log', environmentId, filter];
    const { page, next_page_token } = await this.pager.log(query, scope, (asked) =>
      listAuditEntries(this.dataSource, environmentId, filter, asked),
    );
    const answer: AuditLogAnswer = { entries: page.rows.map(renderAuditEntry), next_page_token };
    await reply.send(answer);
  }

  private async export(environmentId: string, filter: AuditFilter, reply: FastifyReply): Promise<void> {
    const own = this.open.filter((environment) => environment === environmentId);
    if (this.open.length >= MAX_EXPORTS || own.length >= MAX_EXPORTS_OF_ENVIRONMENT) throw tooMany();
    this.open.push(environmentId);
    const lines = renderLines(exportAuditEntries(this.dataSource, environmentId, filter));
    const body = streamChunks(lines, () => this.open.splice(this.open.indexOf(environmentId), 1));
    await reply.header('content-type', `${NDJSON}; charset=utf-8`).send(body);
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

function tooMany(): AppError {
  return new AppError({
    kind: 'rate_limited',
    code: 'too_many_exports',
    message: `${MAX_EXPORTS_OF_ENVIRONMENT} exports of this audit log are running already. Try again in a few seconds.`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
