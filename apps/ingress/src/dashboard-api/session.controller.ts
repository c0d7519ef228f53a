import { Body, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  confirmMember,
  endMemberSessions,
  isOwnPassword,
  purposeOfSignIn,
  takePasskey,
  wrongPassword,
} from '@rollcall/management';
import type { AdmittedMember, Writer } from '@rollcall/management';
import type { Clock, SecretHasher } from '@rollcall/platform';
import { clientAddress } from '../http/client-address';
import { CLOCK, CONFIG, MEMBER_HASHER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { originOf, RequestWriter } from '../http/request-writer';
import { SignInRecorder } from '../sign-ins/record-sign-ins';
import { writeDashboardCookie } from './dashboard-cookie';
import { DashboardController } from './dashboard-controller';
import { PasskeyField, PasswordField } from './input-fields';
import { namedEnvironment } from './member-sessions';
import { ForMembers, Member } from './member-session.guard';
import { SessionAnswers } from './open-session';
import { passkeyTools } from './passkey-tools';

class ConfirmBody {
  @PasswordField({ required: false })
  password?: string;

  @PasskeyField({})
  response?: object;
}

/** The session of the browser that asks. */
@DashboardController()
@ForMembers()
export class DashboardSessionController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(MEMBER_HASHER) private readonly hasher: SecretHasher,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly signIns: SignInRecorder,
    private readonly answers: SessionAnswers,
  ) {}

  @Get('session')
  get(@Member() member: AdmittedMember, @Req() request: FastifyRequest) {
    return this.answers.render(member, namedEnvironment(request));
  }

  @Delete('session')
  @HttpCode(204)
  async end(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    // Not held: it would wait for itself.
    await endMemberSessions({ ...writer, admit: undefined }, member, { id: member.sessionId });
    writeDashboardCookie(reply, null, this.config.publicUrl);
  }

  @Post('session::confirm')
  @HttpCode(204)
  async confirm(
    @Member() member: AdmittedMember,
    @Body() { password = '', response }: ConfirmBody,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    if (response) {
      const asked = { memberId: member.id, purpose: purposeOfSignIn(null), response, refusal: 'refused' as const };
      const passkeys = passkeyTools(this.config, this.clock());
      return confirmMember(this.dataSource, member, (manager) => takePasskey(manager, passkeys, asked));
    }
    const tools = { dataSource: this.dataSource, hasher: this.hasher };
    if (!(await isOwnPassword(tools, member, { password, from: clientAddress(request) }))) {
      this.signIns.refused({ type: 'member', id: member.id }, 'wrong_password', originOf(request));
      throw wrongPassword();
    }
    await confirmMember(this.dataSource, member);
  }
}
