import { Body, Get, Inject, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { EgressClient } from '@rollcall/egress';
import { findPortalSettings, setPortalSettings } from '@rollcall/management';
import type { PortalSettingsView, Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { EGRESS } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { logoPath } from './logo-path';
import { fetchLogo } from './fetch-logo';
import { PortalSettingsBody, PortalSettingsItem } from './portal-settings.dto';

@ManagementController('Portal settings')
export class PortalSettingsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(EGRESS) private readonly egress: EgressClient,
  ) {}

  @Get('portal_settings')
  @Access('read', 'shared')
  @ApiOperation({ operationId: 'getPortalSettings', summary: 'How the Admin Portal looks, and who may frame it' })
  @ApiResponse({ status: 200, type: PortalSettingsItem })
  async get(@EnvironmentId() environmentId: string): Promise<PortalSettingsItem> {
    return renderSettings(await findPortalSettings(this.dataSource, environmentId));
  }

  @Put('portal_settings')
  @Access('write', 'refused')
  @ApiOperation({
    operationId: 'setPortalSettings',
    summary: 'Set up the Admin Portal anew: what is not sent has its default afterwards',
  })
  @ApiResponse({ status: 200, type: PortalSettingsItem })
  async set(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() body: PortalSettingsBody,
  ): Promise<PortalSettingsItem> {
    const logoUrl = body.logo_url ?? null;
    const before = await findPortalSettings(this.dataSource, environmentId);
    const hasCopy = before.logoUrl === logoUrl && before.logoId !== null;
    const logo = logoUrl === null || hasCopy ? undefined : await fetchLogo(this.egress, logoUrl);
    const settings = await setPortalSettings(writer, environmentId, {
      displayName: body.display_name ?? null,
      logoUrl,
      logo,
      accentColor: body.accent_color ?? null,
      supportContact: body.support_contact ?? null,
      allowedOrigins: body.allowed_origins ?? [],
      adminMayMapRoles: body.admin_may_map_roles ?? false,
      adminMayMapAttributes: body.admin_may_map_attributes ?? false,
    });
    return renderSettings(settings);
  }
}

function renderSettings(settings: PortalSettingsView): PortalSettingsItem {
  return {
    display_name: settings.displayName,
    logo_url: settings.logoUrl,
    logo_path: logoPath(settings.logoId),
    accent_color: settings.accentColor,
    support_contact: settings.supportContact,
    allowed_origins: settings.allowedOrigins,
    admin_may_map_roles: settings.adminMayMapRoles,
    admin_may_map_attributes: settings.adminMayMapAttributes,
  };
}
