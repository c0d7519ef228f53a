import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { Organization } from '@rollcall/database';
import {
  createOrganization,
  deleteOrganization,
  findOrganization,
  listOrganizations,
  updateOrganization,
} from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { newId, publicId } from '@rollcall/platform';
import { RequestWriter } from '../http/request-writer';
import { answerAndWake } from '../http/wake-workers.interceptor';
import { Access } from '../management/access/access';
import { EnvironmentId } from '../management/access-token.guard';
import { organizationIdParam } from '../management/directories/directory-path';
import { JsonObjectField, ObjectListField, TextField } from '../management/input/fields';
import { ListQuery, renderList, toPageRequest } from './list-query';
import type { WorkosList } from './list-query';
import { WorkosController } from './workos-controller';

const METADATA_BYTES = 16_384;
const DOMAINS_MAX = 100;

class DomainInput {
  @TextField({ required: true, max: 253, description: 'Taken and not kept: it says nothing about directories.' })
  domain: string;

  @TextField({ max: 20, description: 'Likewise.' })
  state?: string;
}

class OrganizationFields {
  @ObjectListField({ type: () => DomainInput, max: DOMAINS_MAX, description: 'Taken and not kept.' })
  domain_data?: DomainInput[];

  @TextField({ nullable: true, max: 255, description: 'Your own id of the organization.' })
  external_id?: string | null;

  @JsonObjectField({ nullable: true, maxBytes: METADATA_BYTES, description: 'Whatever you want to keep with it.' })
  metadata?: Record<string, unknown> | null;
}

class CreateOrganizationBody extends OrganizationFields {
  @TextField({ required: true, max: 200, description: 'Shown to the organization’s admin in the portal.' })
  name: string;
}

class UpdateOrganizationBody extends OrganizationFields {
  @TextField({ max: 200, description: 'Shown to the organization’s admin in the portal.' })
  name?: string;

  @TextField({ nullable: true, max: 255, description: 'Taken and not kept.' })
  stripe_customer_id?: string | null;
}

class OrganizationsQuery extends ListQuery {
  @TextField({ min: 0, max: 2_000, description: 'No organization has any: with it the list is empty.' })
  domains?: string;

  @TextField({ min: 0, max: 200, description: 'Text in the name or the external id.' })
  search?: string;
}

/** `workos.organizations` */
@WorkosController('organizations')
export class WorkosOrganizationsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** With Directory Sync on: who calls this knows no switch for it. */
  @Post()
  @Access('write', 'refused')
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() { name, external_id: externalId = null, metadata }: CreateOrganizationBody,
  ): Promise<WorkosOrganization> {
    const fields = { id: newId(), displayName: name, externalId, metadata: metadata ?? {}, dirSyncEnabled: true };
    return renderOrganization(await createOrganization(writer, environmentId, fields));
  }

  @Get()
  @Access('read', 'refused')
  async list(
    @EnvironmentId() environmentId: string,
    @Query() query: OrganizationsQuery,
  ): Promise<WorkosList<WorkosOrganization>> {
    const request = toPageRequest('org', query);
    if (query.domains) return renderList('org', query, { rows: [], next: null, prev: null }, renderOrganization);
    const search = query.search?.trim();
    const page = await listOrganizations(this.dataSource, { environmentId, search }, request);
    return renderList('org', query, page, renderOrganization);
  }

  @Get('external_id/:external_id')
  @Access('read', 'refused')
  async getByExternalId(
    @EnvironmentId() environmentId: string,
    @Param('external_id') externalId: string,
  ): Promise<WorkosOrganization> {
    // PostgreSQL has no text with a NUL in it, so nothing is stored under this one.
    const by = { externalId: externalId.replaceAll('\0', '\u{FFFD}') };
    return renderOrganization(await findOrganization(this.dataSource, environmentId, by));
  }

  @Get(':organization_id')
  @Access('read', 'refused')
  async get(@EnvironmentId() environmentId: string, @organizationIdParam() id: string): Promise<WorkosOrganization> {
    return renderOrganization(await findOrganization(this.dataSource, environmentId, { id }));
  }

  @Put(':organization_id')
  @Access('write', 'refused')
  async update(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @Body() { name, external_id: externalId, metadata }: UpdateOrganizationBody,
  ): Promise<WorkosOrganization> {
    const patch = { displayName: name, externalId, metadata };
    return renderOrganization(await updateOrganization(writer, { environmentId, organizationId }, patch));
  }

  @Delete(':organization_id')
  @Access('write', 'refused')
  @HttpCode(204)
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
  ) {
    const deleted = await deleteOrganization(writer, { environmentId, organizationId });
    return answerAndWake(deleted, () => undefined);
  }
}

type WorkosOrganization = ReturnType<typeof renderOrganization>;

/** `OrganizationResponse` */
function renderOrganization(organization: Organization) {
  return {
    object: 'organization',
    id: publicId('org', organization.id),
    name: organization.displayName,
    allow_profiles_outside_organization: false,
    domains: [],
    external_id: organization.externalId,
    metadata: organization.metadata,
    created_at: organization.createTime.toISOString(),
    updated_at: organization.updateTime.toISOString(),
  };
}
