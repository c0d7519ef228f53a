import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import type { Clock } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { endPortalSession, findPortalSession, openPortalSession } from '@rollcall/management';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { CLOCK, CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RateLimits } from '../http/rate-limits';
import { originOf, RequestWriter } from '../http/request-writer';
import { BooleanField, TextField } from '../management/input/fields';
import { InputPipe } from '../management/input/input.pipe';
import { renderFeatures } from '../management/organizations/render-organization';
import { readSessionCookie, SESSION_SECONDS, writeSessionCookie } from './portal-cookie';
import { OpenWhileFeatureOff, PortalSessionGuard, Session } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

class OpenSessionBody {
  @TextField({ required: true, max: 200, description: 'What stands behind the # of the link.' })
  link_token: string;

  @BooleanField({ description: 'Ends a session of another organization that this browser has.' })
  replace?: boolean;
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
    private readonly limits: RateLimits,
  ) {}

  @Post()
  @HttpCode(200)
  async open(
    @Body() { link_token, replace }: OpenSessionBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const token = newOpaqueToken();
    const session = await openPortalSession(this.dataSource, hashOpaqueToken(link_token), {
      id: newId(),
      present: await this.findPresent(request),
      mayReplace: replace ?? false,
      tokenHash: hashOpaqueToken(token),
      lifetimeSeconds: SESSION_SECONDS,
      origin: originOf(request),
    });
    writeSessionCookie(reply, token, this.config.publicUrl);
    return renderSession(session);
  }

  private async findPresent(request: FastifyRequest): Promise<PortalSessionView | null> {
    const token = readSessionCookie(request, this.config.publicUrl);
    return token === null ? null : findPortalSession(this.dataSource, hashOpaqueToken(token), this.clock());
  }

  @Get()
  @UseGuards(PortalSessionGuard)
  get(@Session() session: PortalSessionView) {
    this.limits.admitSession(session.environmentId, session.organization.id);
    return renderSession(session);
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

function renderSession({ expireTime, organization }: PortalSessionView) {
  return {
    session: { expire_time: expireTime.toISOString() },
    organization: { id: publicId('org', organization.id), display_name: organization.displayName },
    features: renderFeatures(organization),
  };
}
