import { Controller, Get, Query, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { PortalSessionView } from '@rollcall/management';
import { RateLimits } from '../../http/rate-limits';
import { TextField } from '../../management/input/fields';
import { InputPipe } from '../../management/input/input.pipe';
import {
  OpenWhileFeatureOff,
  PortalSessionGuard,
  refuseOtherOrganization,
  scopeOf,
  Session,
} from '../portal-session.guard';
import { LiveHub } from './live-hub';
import { sendEvents } from './send-events';

class LiveQuery {
  @TextField({ required: true, max: 100, description: 'The organization that the page shows.' })
  organization: string;
}

/**
 * What happens to the session's organization, as server-sent events while it happens: `directory` with a directory as it is now, for each
 * of them at the beginning; `directories` when one is gone; `session` when the session or the organization is not what it was; `beat`
 * every few seconds. It ends with the session, and tells nothing of another organization to a page of this one.
 */
@ApiExcludeController()
@Controller('portal/api/live')
@UseGuards(PortalSessionGuard)
@OpenWhileFeatureOff()
@UsePipes(InputPipe)
export class LiveController {
  constructor(
    private readonly hub: LiveHub,
    private readonly limits: RateLimits,
  ) {}

  @Get()
  stream(
    @Session() session: PortalSessionView,
    @Query() { organization }: LiveQuery,
    @Res() reply: FastifyReply,
  ): void {
    refuseOtherOrganization(organization, session.organization);
    this.limits.admitSession(session.environmentId, session.organization.id);
    const stream = this.hub.watch({ id: session.id, memberId: null, ...scopeOf(session) });
    sendEvents(reply, stream);
  }
}
