import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { MEMBER_ROLES } from '@rollcall/contract';
import type { MemberRole } from '@rollcall/contract';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import {
  changeMemberRole,
  createMemberEnvironment,
  invitationUrl,
  inviteMember,
  listMembers,
  removeMember,
  revokeInvitation,
} from '@rollcall/management';
import type { AdmittedMember, InvitationView, MemberView, Writer } from '@rollcall/management';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { CONFIG, SEALER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { EnvironmentId } from '../management/access-token.guard';
import { EmailField } from '../management/input/email-field';
import { EnumField, NameField } from '../management/input/fields';
import { IdPipe } from '../management/input/id.pipe';
import { DashboardController } from './dashboard-controller';
import { ForMembers, Member, NeedsRole } from './member-session.guard';

class InviteBody {
  @EmailField({ required: true, description: 'Who is invited.' })
  email: string;

  @EnumField({ required: true, values: MEMBER_ROLES, description: 'What the member may do.' })
  role: MemberRole;
}

class RoleBody {
  @EnumField({ required: true, values: MEMBER_ROLES, description: 'What the member may do.' })
  role: MemberRole;
}

class EnvironmentBody {
  @NameField({ required: true, max: 200, description: 'The name of the environment.' })
  name: string;
}

/** The members of the environment that the page shows. */
@DashboardController()
@ForMembers()
export class MembersController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(SEALER) private readonly sealer: Sealer,
  ) {}

  @Get('members')
  @NeedsRole('viewer')
  async list(@EnvironmentId() environmentId: string) {
    const { members, invitations } = await listMembers(this.dataSource, environmentId);
    return { members: members.map(renderMember), invitations: invitations.map(renderInvitation) };
  }

  @Post('members/invitations')
  @NeedsRole('owner')
  @HttpCode(201)
  async invite(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() { email, role }: InviteBody,
  ) {
    const token = newOpaqueToken();
    const location = invitationUrl(this.config.publicUrl, token);
    const { mail } = this.config;
    const asked = { id: newId(), email, role, tokenHash: hashOpaqueToken(token) };
    const tools = { sealer: this.sealer, settings: mail };
    const invitation = await inviteMember(writer, environmentId, asked, { tools, location });
    return { invitation: renderInvitation(invitation), location, mailed: mail.transport !== 'none' };
  }

  @Delete('members/invitations/:invitation_id')
  @NeedsRole('owner')
  @HttpCode(204)
  async revoke(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Param('invitation_id', new IdPipe('inv', 'invitation')) id: string,
  ): Promise<void> {
    await revokeInvitation(writer, environmentId, id);
  }

  @Patch('members/:member_id')
  @NeedsRole('owner')
  async change(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Param('member_id', new IdPipe('mem', 'member')) memberId: string,
    @Body() { role }: RoleBody,
  ) {
    await changeMemberRole(writer, { environmentId, memberId }, role);
    const { members } = await listMembers(this.dataSource, environmentId);
    const member = members.find(({ id }) => id === memberId);
    if (!member) throw notFound('member');
    return { member: renderMember(member) };
  }

  @Delete('members/:member_id')
  @NeedsRole('owner')
  @HttpCode(204)
  async remove(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Param('member_id', new IdPipe('mem', 'member')) memberId: string,
  ): Promise<void> {
    await removeMember(writer, { environmentId, memberId });
  }

  @Post('environments')
  @NeedsRole('owner')
  @HttpCode(201)
  async createEnvironment(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Body() { name }: EnvironmentBody,
  ) {
    const id = newId();
    await createMemberEnvironment(writer, member, { id, name });
    return { environment: { id: publicId('env', id), name, role: 'owner' } };
  }
}

function renderMember({ id, name, email, role, lastSeenTime, hasSecondFactor }: MemberView) {
  return {
    id: publicId('mem', id),
    name,
    email,
    role,
    last_seen_time: lastSeenTime?.toISOString() ?? null,
    second_factor: hasSecondFactor,
  };
}

function renderInvitation({ id, email, role, expireTime }: InvitationView) {
  return { id: publicId('inv', id), email, role, expire_time: expireTime.toISOString() };
}
