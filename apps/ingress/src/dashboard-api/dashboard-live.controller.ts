import { Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import { findOrganization } from '@rollcall/management';
import type { AdmittedMember } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import { EnvironmentId } from '../management/access-token.guard';
import { TextField } from '../management/input/fields';
import { LiveHub } from '../portal-api/live/live-hub';
import { sendEvents } from '../portal-api/live/send-events';
import { DashboardController } from './dashboard-controller';
import { ForMembers, Member, NeedsRole } from './member-session.guard';

class LiveQuery {
  @TextField({ max: 100, description: 'The environment that the page shows; the guard has read it.' })
  environment?: string;

  @TextField({ required: true, max: 100, description: 'The organization that the page shows.' })
  organization: string;
}

/** What happens to an organization, to the pages of a member, as the portal's pages are told of their own. */
@DashboardController()
@ForMembers()
export class DashboardLiveController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly hub: LiveHub,
  ) {}

  @Get('live')
  @NeedsRole('viewer')
  async stream(
    @Member() member: AdmittedMember,
    @EnvironmentId() environmentId: string,
    @Query() { organization }: LiveQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const organizationId = parseId('org', organization);
    if (organizationId === null) throw notFound('organization');
    await findOrganization(this.dataSource, environmentId, { id: organizationId });
    const { id: memberId, sessionId: id } = member;
    sendEvents(reply, this.hub.watch({ id, memberId, environmentId, organizationId }));
  }
}
