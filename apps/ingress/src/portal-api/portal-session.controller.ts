import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import type { Clock, Sealer, SecretHasher } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  endPortalSession,
  findPortalSession,
  findPortalSettings,
  openPortalSession,
  sendPortalCode,
} from '@rollcall/management';
import type { PortalSessionView, PortalSettingsView, Writer } from '@rollcall/management';
import { CLIENT_HASHER, CLOCK, CONFIG, SEALER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RateLimits } from '../http/rate-limits';
import { originOf, RequestWriter } from '../http/request-writer';
import { BooleanField, TextField } from '../management/input/fields';
import { InputPipe } from '../management/input/input.pipe';
import { renderFeatures } from '../management/organizations/render-organization';
import { renderBranding } from '../management/portal-settings/render-branding';
import { readSessionCookie, SESSION_SECONDS, writeSessionCookie } from './portal-cookie';
import { OpenWhileFeatureOff, PortalSessionGuard, Session } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

class OpenSessionBody {
  @TextField({ required: true, max: 200, description: 'What stands behind the # of the link.' })
  link_token: string;

  @BooleanField({ description: 'Ends a session of another organization that this browser has.' })
  replace?: boolean;

  @TextField({ max: 20, description: 'What was sent to the address that the link was mailed to.' })
  code?: string;
}

class SendCodeBody {
  @TextField({ required: true, max: 200, description: 'What stands behind the # of the link.' })
  link_token: string;

  @BooleanField({ description: 'Sends another code, also while the last one is good.' })
  resend?: boolean;
}

/** A portal session: opened once per link by the page's script, so that a mail scanner's GET consumes nothing. */
@ApiExcludeController()
@Controller('portal/api/session')
@UseGuards(SameOriginGuard)
@OpenWhileFeatureOff()
@UsePipes(InputPipe)
export class PortalSessionController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SEALER) private readonly sealer: Sealer,
    @Inject(CLIENT_HASHER) private readonly hasher: SecretHasher,
    private readonly limits: RateLimits,
  ) {}

  @Post()
  @HttpCode(200)
  async open(
    @Body() { link_token, replace, code }: OpenSessionBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const token = newOpaqueToken();
    const session = await openPortalSession(this.dataSource, hashOpaqueToken(link_token), {
      id: newId(),
      present: await this.findPresent(request),
      mayReplace: replace ?? false,
      // People type what they read in groups.
      code: code?.replaceAll(/[\s-]/g, ''),
      hasher: this.hasher,
      tokenHash: hashOpaqueToken(token),
      lifetimeSeconds: SESSION_SECONDS,
      origin: originOf(request),
    });
    writeSessionCookie(reply, token, this.config.publicUrl);
    return this.render(session);
  }

  /** Sends the code that a mailed link asks for. */
  @Post('code')
  @HttpCode(200)
  async sendCode(@Body() { link_token, resend }: SendCodeBody, @Req() request: FastifyRequest) {
    const tools = { sealer: this.sealer, settings: this.config.mail, hasher: this.hasher };
    const sent = await sendPortalCode(this.dataSource, tools, hashOpaqueToken(link_token), {
      isResend: resend ?? false,
      origin: originOf(request),
    });
    return {
      code: {
        email: sent.email,
        expire_time: sent.expireTime.toISOString(),
        resend_time: sent.resendTime?.toISOString() ?? null,
      },
    };
  }

  private async render(session: PortalSessionView) {
    return renderSession(session, await findPortalSettings(this.dataSource, session.environmentId));
  }

  private async findPresent(request: FastifyRequest): Promise<PortalSessionView | null> {
    const token = readSessionCookie(request, this.config.publicUrl);
    return token === null ? null : findPortalSession(this.dataSource, hashOpaqueToken(token), this.clock());
  }

  @Get()
  @UseGuards(PortalSessionGuard)
  get(@Session() session: PortalSessionView) {
    this.limits.admitSession(session.environmentId, session.organization.id);
    return this.render(session);
  }

  @Delete()
  @HttpCode(204)
  @UseGuards(PortalSessionGuard)
  async end(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await endPortalSession(writer, session);
    writeSessionCookie(reply, null, this.config.publicUrl);
  }
}

function renderSession({ expireTime, organization }: PortalSessionView, settings: PortalSettingsView) {
  return {
    session: { expire_time: expireTime.toISOString() },
    organization: { id: publicId('org', organization.id), display_name: organization.displayName },
    features: renderFeatures(organization),
    portal: {
      ...renderBranding(settings),
      allowed_origins: settings.allowedOrigins,
      admin_may_map_roles: settings.adminMayMapRoles,
      admin_may_map_attributes: settings.adminMayMapAttributes,
    },
  };
}
