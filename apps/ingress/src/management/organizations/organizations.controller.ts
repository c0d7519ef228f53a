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
import { Pager } from '../paging/pager';
import {
  CreateOrganizationBody,
  FEATURE_NAMES,
  OrganizationAnswer,
  OrganizationList,
  OrganizationQuery,
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
    const search = query.search?.trim();
    const scope = ['organizations', environmentId, only, search];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listOrganizations(this.dataSource, { environmentId, only, search }, request),
    );
    return { organizations: page.rows.map(renderOrganization), ...info };
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
    // PostgreSQL has no text with a NUL in it, so nothing is stored under this one.
    const by = { externalId: externalId.replaceAll('\0', '\u{FFFD}') };
    const organization = await findOrganization(this.dataSource, environmentId, by);
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
}
