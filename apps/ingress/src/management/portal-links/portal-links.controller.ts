import { Body, Delete, Get, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { publicId } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { createPortalLink, listPortalLinks, revokePortalLinks } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { PortalLink } from '@rollcall/database';
import { CONFIG, SEALER } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { organizationIdParam } from '../directories/directory-path';
import { EmailField } from '../input/email-field';
import { EnumListParameter, IntegerField } from '../input/fields';
import { IdPipe } from '../input/id.pipe';
import { ManagementController } from '../management-controller';
import { FEATURE_NAMES } from '../organizations/organization.dto';
import { PageInfo, PageQuery } from '../paging/page-query';
import { Pager } from '../paging/pager';
import { DEFAULT_EXPIRES_IN } from './default-expires-in';

const MAX_EXPIRES_IN = 7 * 86_400;
/** Who gets a mail reads it when there is time, and the code protects the link until then. */
const MAILED_EXPIRES_IN = MAX_EXPIRES_IN;

class PortalLinkQuery {
  @EnumListParameter({ values: Object.keys(FEATURE_NAMES), description: 'What the portal shows; default `dir_sync`.' })
  features?: (keyof typeof FEATURE_NAMES)[];
}

class PortalLinkBody {
  @IntegerField({
    min: 1,
    max: MAX_EXPIRES_IN,
    description: `Seconds within which the link must be opened, default ${DEFAULT_EXPIRES_IN}, of one that is mailed ${MAILED_EXPIRES_IN}.`,
  })
  expires_in?: number;

  @EmailField({
    description:
      'Sends the link to this address. When it is opened, a one-time code is sent there too, without which it does not open.',
  })
  email?: string;
}

class PortalLinkItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, nullable: true, description: 'To whom it was mailed.' })
  email: string | null;

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
    @Inject(SEALER) private readonly sealer: Sealer,
    private readonly pager: Pager,
  ) {}

  @Put(PATH)
  @Access('write', 'own')
  @ApiBody({ type: PortalLinkBody, required: false })
  @ApiOperation({
    operationId: 'createPortalLink',
    summary: 'Make a single-use link to the Admin Portal, and mail it if told so',
  })
  @ApiParam({ name: 'organization_id', type: String })
  @ApiResponse({ status: 200, type: PortalLinkAnswer })
  async create(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @organizationIdParam() id: string,
    @Query() { features = ['dir_sync'] }: PortalLinkQuery,
    @Body() { expires_in: expiresIn, email }: PortalLinkBody,
  ): Promise<PortalLinkAnswer> {
    const scope = { environmentId, organizationId: id };
    const { publicUrl, mail } = this.config;
    const { link, location } = await createPortalLink(writer, scope, {
      features: [...new Set(features.map((name) => FEATURE_NAMES[name]))],
      expiresIn: expiresIn ?? (email === undefined ? DEFAULT_EXPIRES_IN : MAILED_EXPIRES_IN),
      publicUrl,
      mailTo: email === undefined ? undefined : { address: email, tools: { sealer: this.sealer, settings: mail } },
    });
    return { link: Object.assign(renderLink(link), { location }) };
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

function renderLink(link: PortalLink): PortalLinkItem {
  return {
    id: publicId('lnk', link.id),
    email: link.email,
    create_time: link.createTime.toISOString(),
    expire_time: link.expireTime.toISOString(),
  };
}
