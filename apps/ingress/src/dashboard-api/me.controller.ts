import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  changePassword,
  confirmTotp,
  createCodeLimiter,
  endMemberSessions,
  isOwnPassword,
  listMemberSessions,
  newTotpSecret,
  normalizePassword,
  offerTotp,
  refuseFactorThatOpens,
  refuseWeakPassword,
  removeTotp,
  renameMember,
  replaceRecoveryCodes,
  wrongPassword,
} from '@rollcall/management';
import type { AdmittedMember, MemberSessionView, Writer } from '@rollcall/management';
import { publicId } from '@rollcall/platform';
import type { Clock, Sealer, SecretHasher } from '@rollcall/platform';
import { clientAddress } from '../http/client-address';
import { CLOCK, MEMBER_HASHER, SEALER } from '../http/context.module';
import { originOf, RequestWriter } from '../http/request-writer';
import { NameField, TextField } from '../management/input/fields';
import { IdPipe } from '../management/input/id.pipe';
import { SignInRecorder } from '../sign-ins/record-sign-ins';
import { DashboardController } from './dashboard-controller';
import { PasswordField } from './input-fields';
import { ForMembers, Member, NeedsConfirmation, refuseUnconfirmed } from './member-session.guard';

class NameBody {
  @NameField({ required: true, max: 200, description: 'The name of the member.' })
  name: string;
}

class PasswordBody {
  @PasswordField()
  current_password: string;

  @PasswordField()
  new_password: string;
}

class CodeBody {
  @TextField({ required: true, max: 40, description: 'A code of the authenticator app.' })
  code: string;
}

/** The member's own account: name, password, authenticator app, recovery codes, sessions. */
@DashboardController()
@ForMembers()
export class MeController {
  private readonly codes = createCodeLimiter();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(MEMBER_HASHER) private readonly hasher: SecretHasher,
    @Inject(SEALER) private readonly sealer: Sealer,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly signIns: SignInRecorder,
  ) {}

  @Patch('me')
  async rename(@RequestWriter() writer: Writer, @Member() member: AdmittedMember, @Body() { name }: NameBody) {
    // The name stands in every environment of the member, and an identity provider speaks for one.
    if (member.sessionEnvironmentId !== null) refuseUnconfirmed(member);
    await renameMember(writer, member, name);
    return { member: { id: publicId('mem', member.id), name, email: member.email } };
  }

  @Post('me/password')
  @HttpCode(204)
  async changePassword(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Body() { current_password: current, new_password: chosen }: PasswordBody,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { dataSource, hasher } = this;
    const asked = { password: current, from: clientAddress(request) };
    if (!(await isOwnPassword({ dataSource, hasher }, member, asked))) {
      this.signIns.refused({ type: 'member', id: member.id }, 'wrong_password', originOf(request));
      throw wrongPassword();
    }
    refuseWeakPassword(chosen, member);
    await changePassword(writer, member, await hasher.hashChosen(normalizePassword(chosen)));
  }

  @Get('me/sessions')
  async listSessions(@Member() member: AdmittedMember) {
    const sessions = await listMemberSessions(this.dataSource, member);
    return { sessions: sessions.map((session) => renderSession(session, member.sessionId)) };
  }

  @Delete('me/sessions')
  @HttpCode(204)
  async endOthers(@RequestWriter() writer: Writer, @Member() member: AdmittedMember): Promise<void> {
    await endMemberSessions(writer, member, 'others');
  }

  @Delete('me/sessions/:session_id')
  @HttpCode(204)
  async endSession(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Param('session_id', new IdPipe('ses', 'session')) id: string,
  ): Promise<void> {
    await endMemberSessions(writer, member, { id });
  }

  @Post('me/totp')
  @NeedsConfirmation()
  @HttpCode(200)
  async offerTotp(@RequestWriter() writer: Writer, @Member() member: AdmittedMember) {
    await refuseFactorThatOpens(this.dataSource, member);
    const { secret, url } = newTotpSecret('Rollcall', member.email);
    await offerTotp(writer, member, this.sealer.seal(secret, 'totpSecret', member.id));
    return { secret, otpauth_url: url };
  }

  @Post('me/totp::confirm')
  @NeedsConfirmation()
  @HttpCode(200)
  async confirmTotp(
    @RequestWriter() writer: Writer,
    @Member() member: AdmittedMember,
    @Body() { code }: CodeBody,
    @Req() request: FastifyRequest,
  ) {
    await refuseFactorThatOpens(this.dataSource, member);
    const takeBack = this.codes.count(member.id, clientAddress(request));
    const codes = await confirmTotp(writer, this.tools(), { member, code });
    takeBack();
    return { recovery_codes: codes };
  }

  @Delete('me/totp')
  @NeedsConfirmation()
  @HttpCode(204)
  async removeTotp(@RequestWriter() writer: Writer, @Member() member: AdmittedMember): Promise<void> {
    await removeTotp(writer, member);
  }

  @Post('me/recovery_codes')
  @NeedsConfirmation()
  @HttpCode(200)
  async renewCodes(@RequestWriter() writer: Writer, @Member() member: AdmittedMember) {
    await refuseFactorThatOpens(this.dataSource, member);
    return { recovery_codes: await replaceRecoveryCodes(writer, this.tools(), member) };
  }

  private tools() {
    return { sealer: this.sealer, hasher: this.hasher, now: this.clock() };
  }
}

function renderSession(session: MemberSessionView, currentId: string) {
  return {
    id: publicId('ses', session.id),
    current: session.id === currentId,
    method: session.method,
    ip_address: session.ipAddress,
    user_agent: session.userAgent,
    create_time: session.createTime.toISOString(),
    last_seen_time: session.lastSeenTime.toISOString(),
    expire_time: session.expireTime.toISOString(),
  };
}
