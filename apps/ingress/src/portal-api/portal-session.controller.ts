import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { endPortalSession, openPortalSession } from '@rollcall/management';
import type { PortalSessionView } from '@rollcall/management';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { TextField } from '../management/input/fields';
import { InputPipe } from '../management/input/input.pipe';
import { renderFeatures } from '../management/organizations/render-organization';
import { SESSION_SECONDS, writeSessionCookie } from './portal-cookie';
import { PortalSessionGuard, Session } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

class OpenSessionBody {
  @TextField({ required: true, max: 200, description: 'What stands behind the # of the link.' })
  link_token: string;
}

/** A portal session: opened once per link by the page's script, so that a mail scanner's GET consumes nothing. */
@ApiExcludeController()
@Controller('portal/api/session')
@UseGuards(SameOriginGuard)
@UsePipes(InputPipe)
export class PortalSessionController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
  ) {}

  @Post()
  @HttpCode(200)
  async open(@Body() { link_token }: OpenSessionBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const token = newOpaqueToken();
    const session = await openPortalSession(this.dataSource, hashOpaqueToken(link_token), {
      id: newId(),
      tokenHash: hashOpaqueToken(token),
      lifetimeSeconds: SESSION_SECONDS,
    });
    writeSessionCookie(reply, token, this.config.publicUrl);
    return renderSession(session);
  }

  @Get()
  @UseGuards(PortalSessionGuard)
  get(@Session() session: PortalSessionView) {
    return renderSession(session);
  }

  @Delete()
  @HttpCode(204)
  @UseGuards(PortalSessionGuard)
  async end(@Session() session: PortalSessionView, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await endPortalSession(this.dataSource, session);
    writeSessionCookie(reply, null, this.config.publicUrl);
  }
}

function renderSession({ expireTime, organization }: PortalSessionView) {
  return {
    session: { expire_time: expireTime.toISOString() },
    organization: { id: publicId('org', organization.id), display_name: organization.displayName },
    features: renderFeatures(organization),
  };
}
