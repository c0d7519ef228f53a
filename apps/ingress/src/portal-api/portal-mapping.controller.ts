import { Body, Get, Put, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { asMappingAdmin, refuseMappingByAdmin, viewDirectoryRules } from '@rollcall/management';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { RequestWriter } from '../http/request-writer';
import { LongRead } from '../http/take-turn.interceptor';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { directoryIdParam } from '../management/directories/directory-path';
import { answerAssignments, answerMappings } from '../management/rules/answer-rules';
import { renderMapping } from '../management/rules/render-mapping';
import { AssignRolesBody, DryRunQuery, MapAttributesBody } from '../management/rules/rules.dto';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** Which group gives which role and how attributes are named: seen by every admin, set by one where the app owner allows it. */
@PortalController('/directories')
@WakesWorkers()
export class PortalMappingController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(':directory_id/mapping')
  async get(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string) {
    return { mapping: renderMapping(await viewDirectoryRules(this.dataSource, { ...scopeOf(session), directoryId })) };
  }

  @Put(':directory_id/groups/-/roles::assign')
  @LongRead()
  async assignRoles(
    @RequestWriter() author: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() body: AssignRolesBody,
  ) {
    const { dataSource } = this;
    const writer = asMappingAdmin(author, session.environmentId, 'roles');
    await refuseMappingByAdmin(dataSource, session.environmentId, 'roles');
    return answerAssignments({ dataSource, writer, dryRun }, { ...scopeOf(session), directoryId }, body);
  }

  @Put(':directory_id/attributes')
  @LongRead()
  async mapAttributes(
    @RequestWriter() author: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() { dry_run: dryRun }: DryRunQuery,
    @Body() body: MapAttributesBody,
  ) {
    const { dataSource } = this;
    const writer = asMappingAdmin(author, session.environmentId, 'attributes');
    await refuseMappingByAdmin(dataSource, session.environmentId, 'attributes');
    return answerMappings({ dataSource, writer, dryRun }, { ...scopeOf(session), directoryId }, body);
  }
}
