import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import { findErasure, listErasures, startOrganizationErasure, startPersonErasure } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { renderErasure } from '@rollcall/pipeline-store';
import { newId, parseId } from '@rollcall/platform';
import { RequestWriter } from '../../http/request-writer';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { Access } from '../access/access';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { Pager } from '../paging/pager';
import { userIdParam } from '../people/person-path';
import { ErasureAnswer, ErasureList, ErasuresQuery } from './erasure.dto';

@ManagementController('Erasure')
export class ErasuresController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly pager: Pager,
  ) {}

  @Post(`${DIRECTORY_PATH}/users/:user_id(^[^/:]+)::erase`)
  @HttpCode(202)
  @Access('write', 'own', 'owner')
  @ApiOperation({
    operationId: 'eraseDirectoryUser',
    summary: 'Erase what is kept of a user whom the identity provider has deleted',
    description:
      'By the id that events carry. Events of the user stay under their sequence with `"erased": true`, the ids, and null or empty for everything else; so do entries of the user in `group_members_changed`. Feed, webhooks, replays and snapshots have the redacted form from then on. A user who is still in the directory is refused with 409: remove it in the identity provider first. A deletion that is held back is released, so that receivers hear of it first. Asked again, the same erasure is answered.',
  })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiParam({ name: 'directory_id', type: String })
  @ApiParam({ name: 'user_id', type: String })
  @ApiResponse({ status: 202, type: ErasureAnswer })
  async erasePerson(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @userIdParam() userId: string,
  ) {
    const scope = { environmentId, organizationId, directoryId };
    const started = await startPersonErasure(writer, scope, { id: newId(), userId });
    return answerAndWake(started, (erasure): ErasureAnswer => ({ erasure: renderErasure(erasure) }));
  }

  @Post('/organizations/:organization_id(^[^/:]+)::erase')
  @HttpCode(202)
  @Access('write', 'refused', 'owner')
  @ApiOperation({
    operationId: 'eraseOrganization',
    summary: 'Erase what is kept of a deleted organization',
    description:
      'Its events, deliveries and their attempts are removed, its names blanked, and names and values in the audit log replaced by ids. What has not been delivered by then is not delivered any more (`counts.pending_deliveries`). An organization that is not deleted is refused with 409. The erasure is the receipt and is kept; asked again, the same one is answered.',
  })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 202, type: ErasureAnswer })
  async eraseOrganization(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
  ) {
    const started = await startOrganizationErasure(writer, { environmentId, organizationId }, newId());
    return answerAndWake(started, (erasure): ErasureAnswer => ({ erasure: renderErasure(erasure) }));
  }

  @Get('/erasures')
  @Access('read', 'filtered')
  @ApiOperation({ operationId: 'listErasures', summary: 'List the erasures, newest first' })
  @ApiResponse({ status: 200, type: ErasureList })
  async list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: ErasuresQuery,
  ): Promise<ErasureList> {
    const asked = query.organization_id && (parseId('org', query.organization_id) ?? undefined);
    if (only !== undefined && asked !== undefined && asked !== only) throw notFound('organization');
    const organizationId = only ?? asked;
    const scope = ['erasures', environmentId, organizationId];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listErasures(this.dataSource, environmentId, { organizationId }, request),
    );
    return { erasures: page.rows.map(renderErasure), ...info };
  }

  @Get('/erasures/:erasure_id')
  @Access('read', 'filtered')
  @ApiOperation({ operationId: 'getErasure', summary: 'Get an erasure with its progress, or the receipt' })
  @ApiParam({ name: 'erasure_id', type: String })
  @ApiResponse({ status: 200, type: ErasureAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() organizationId: string | undefined,
    @Param('erasure_id', new IdPipe('era', 'erasure')) erasureId: string,
  ): Promise<ErasureAnswer> {
    return { erasure: renderErasure(await findErasure(this.dataSource, { environmentId, organizationId, erasureId })) };
  }
}
