import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { newId } from '@rollcall/platform';
import {
  createOrganization,
  deleteOrganization,
  findOrganization,
  listOrganizations,
  updateOrganization,
} from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId, OrganizationOfClient } from '../access-token.guard';
import { organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import type { PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import {
  CreateOrganizationBody,
  FEATURE_NAMES,
  OrganizationAnswer,
  OrganizationList,
  OrganizationQuery,
  SearchOrganizationsQuery,
  UpdateOrganizationBody,
  UpdateSettingsBody,
} from './organization.dto';
import { renderOrganization } from './render-organization';

@ManagementController('Organizations')
export class OrganizationsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly pager: Pager,
  ) {}

  @Post('organizations')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'createOrganization', summary: 'Create an organization' })
  @ApiResponse({ status: 201, type: OrganizationAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() body: CreateOrganizationBody,
  ): Promise<OrganizationAnswer> {
    const organization = await createOrganization(writer, environmentId, {
      id: newId(),
      displayName: body.display_name,
      externalId: body.external_id ?? null,
      metadata: body.metadata ?? {},
      slug: body.slug,
      logoUrl: body.logo_url,
      regionCode: body.region_code,
    });
    return { organization: renderOrganization(organization) };
  }

  @Get('organizations')
  @Access('read', 'filtered')
  @ApiOperation({ operationId: 'listOrganizations', summary: 'List the organizations, oldest first' })
  @ApiResponse({ status: 200, type: OrganizationList })
  async list(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: OrganizationQuery,
  ): Promise<OrganizationList> {
    return this.page(query, { environmentId, only, search: query.search?.trim() });
  }

  @Get('organizations::search')
  @Access('read', 'filtered')
  @ApiOperation({
    operationId: 'searchOrganizations',
    summary: 'List the organizations that have a text, oldest first',
  })
  @ApiResponse({ status: 200, type: OrganizationList })
  async search(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Query() query: SearchOrganizationsQuery,
  ): Promise<OrganizationList> {
    return this.page(query, { environmentId, only, search: query.query.trim() });
  }

  @Get('organizations::external/:external_id')
  @Access('read', 'filtered')
  @ApiOperation({ operationId: 'getOrganizationByExternalId', summary: 'Get an organization by your own id' })
  @ApiParam({ name: 'external_id', type: String })
  @ApiResponse({ status: 200, type: OrganizationAnswer })
  async getByExternalId(
    @EnvironmentId() environmentId: string,
    @OrganizationOfClient() only: string | undefined,
    @Param('external_id') externalId: string,
  ): Promise<OrganizationAnswer> {
    const organization = await findOrganization(this.dataSource, environmentId, byExternalId(externalId));
    if (only !== undefined && organization.id !== only) throw notFound('organization');
    return { organization: renderOrganization(organization) };
  }

  @Get('organizations/:organization_id')
  @Access('read', 'own')
  @ApiOperation({ operationId: 'getOrganization', summary: 'Get an organization' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: OrganizationAnswer })
  async get(@EnvironmentId() environmentId: string, @organizationIdParam() id: string): Promise<OrganizationAnswer> {
    return { organization: renderOrganization(await findOrganization(this.dataSource, environmentId, { id })) };
  }

  @Patch('organizations/:organization_id')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'updateOrganization', summary: 'Change an organization' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: OrganizationAnswer })
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
    @Body() body: UpdateOrganizationBody,
  ): Promise<OrganizationAnswer> {
    const scope = { environmentId, organizationId: id };
    const organization = await updateOrganization(writer, scope, {
      displayName: body.display_name,
      externalId: body.external_id,
      metadata: body.metadata,
      slug: body.slug,
      logoUrl: body.logo_url,
      regionCode: body.region_code,
    });
    return { organization: renderOrganization(organization) };
  }

  @Patch('organizations::external/:external_id')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'updateOrganizationByExternalId', summary: 'Change an organization by your own id' })
  @ApiParam({ name: 'external_id', type: String })
  @ApiResponse({ status: 200, type: OrganizationAnswer })
  async updateByExternalId(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Param('external_id') externalId: string,
    @Body() body: UpdateOrganizationBody,
  ): Promise<OrganizationAnswer> {
    const { id } = await findOrganization(this.dataSource, environmentId, byExternalId(externalId));
    return this.update(writer, environmentId, id, body);
  }

  @Patch('organizations/:organization_id/settings')
  @Access('write', 'refused')
  @ApiOperation({ operationId: 'updateOrganizationSettings', summary: 'Switch features on or off' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: OrganizationAnswer })
  async updateSettings(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
    @Body() { features }: UpdateSettingsBody,
  ): Promise<OrganizationAnswer> {
    const dirSync = features.findLast(({ name }) => FEATURE_NAMES[name] === 'dir_sync');
    const scope = { environmentId, organizationId: id };
    const organization = await updateOrganization(writer, scope, { dirSyncEnabled: dirSync?.enabled });
    return { organization: renderOrganization(organization) };
  }

  @Delete('organizations/:organization_id')
  @Access('write', 'refused')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteOrganization', summary: 'Delete an organization with its directories' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
  ) {
    const deleted = await deleteOrganization(writer, { environmentId, organizationId });
    return answerAndWake(deleted, () => undefined);
  }

  private async page(
    query: PageQuery,
    filter: { environmentId: string; only?: string; search?: string },
  ): Promise<OrganizationList> {
    const scope = ['organizations', filter.environmentId, filter.only, filter.search];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listOrganizations(this.dataSource, filter, request),
    );
    return { organizations: page.rows.map(renderOrganization), ...info };
  }
}

/** PostgreSQL has no text with a NUL in it, so nothing is stored under this one. */
function byExternalId(externalId: string): { externalId: string } {
  return { externalId: externalId.replaceAll('\0', '\u{FFFD}') };
}
