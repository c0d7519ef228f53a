import { Body, Delete, Get, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import { createPortalLink, listPortalLinks, revokePortalLinks } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { organizationIdParam } from '../directories/directory-path';
import { EnumListParameter, IntegerField } from '../input/fields';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { FEATURE_NAMES } from '../organizations/organization.dto';
import { PageInfo, PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';

const DEFAULT_EXPIRES_IN = 60;
const MAX_EXPIRES_IN = 7 * 86_400;

class PortalLinkQuery {
  @EnumListParameter({ values: Object.keys(FEATURE_NAMES), description: 'What the portal shows; default `dir_sync`.' })
  features?: (keyof typeof FEATURE_NAMES)[];
}

class PortalLinkBody {
  @IntegerField({
    min: 1,
    max: MAX_EXPIRES_IN,
    description: `Seconds within which the link must be opened, default ${DEFAULT_EXPIRES_IN}; longer for links sent by mail.`,
  })
  expires_in?: number;
}

class PortalLinkItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expire_time: string;
}

class NewPortalLinkItem extends PortalLinkItem {
  @ApiProperty({ type: String, description: 'Send the admin there. It works once, and is shown only here.' })
  location: string;
}

class PortalLinkAnswer {
  @ApiProperty({ type: NewPortalLinkItem })
  link: NewPortalLinkItem;
}

class PortalLinkList extends PageInfo {
  @ApiProperty({ type: [PortalLinkItem] })
  links: PortalLinkItem[];
}

const PATH = 'organizations/:organization_id/portal_links';

@ManagementController('Portal links')
export class PortalLinksController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    private readonly pager: Pager,
  ) {}

  @Put(PATH)
  @Access('write', 'own')
  @ApiBody({ type: PortalLinkBody, required: false })
  @ApiOperation({ operationId: 'createPortalLink', summary: 'Make a single-use link to the Admin Portal' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: PortalLinkAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
    @Query() { features = ['dir_sync'] }: PortalLinkQuery,
    @Body() { expires_in: expiresIn = DEFAULT_EXPIRES_IN }: PortalLinkBody,
  ): Promise<PortalLinkAnswer> {
    const token = newOpaqueToken();
    const scope = { environmentId, organizationId: id };
    const link = await createPortalLink(writer, scope, {
      id: newId(),
      tokenHash: hashOpaqueToken(token),
      features: [...new Set(features.map((name) => FEATURE_NAMES[name]))],
      expiresIn,
    });
    return { link: { ...renderLink(link), location: `${this.config.publicUrl}/portal/open#${token}` } };
  }

  @Get(PATH)
  @Access('read', 'own')
  @ApiOperation({ operationId: 'listPortalLinks', summary: 'List the links that can still be opened, newest first' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: PortalLinkList })
  async list(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
    @Query() query: PageQuery,
  ): Promise<PortalLinkList> {
    const scope = ['links', environmentId, id];
    const { page, info } = await this.pager.list(query, scope, (request) =>
      listPortalLinks(this.dataSource, { environmentId, organizationId: id }, request),
    );
    return { links: page.rows.map(renderLink), ...info };
  }

  @Delete(PATH)
  @Access('write', 'own')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deletePortalLinks', summary: 'Revoke all links and end the sessions they opened' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 204 })
  async deleteAll(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
  ): Promise<void> {
    await revokePortalLinks(writer, { environmentId, organizationId: id });
  }

  @Delete(`${PATH}/:link_id`)
  @Access('write', 'own')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deletePortalLink', summary: 'Revoke a link and end the session it opened' })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiParam({ name: 'link_id', type: String })
  @ApiResponse({ status: 204 })
  async delete(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
    @Param('link_id', new IdPipe('lnk', 'link')) linkId: string,
  ): Promise<void> {
    await revokePortalLinks(writer, { environmentId, organizationId: id }, linkId);
  }
}

function renderLink(link: { id: string; createTime: Date; expireTime: Date }) {
  return {
    id: publicId('lnk', link.id),
    create_time: link.createTime.toISOString(),
    expire_time: link.expireTime.toISOString(),
  };
}
