import { Body, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  acceptInvitation,
  foldAddress,
  hasAccount,
  holdPassword,
  invalidCredentials,
  lookUpInvitation,
  nameMember,
  normalizePassword,
  refuseWeakPassword,
  verifyPassword,
} from '@rollcall/management';
import type { Acceptance } from '@rollcall/management';
import { AppError, hashOpaqueToken, newId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { clientAddress } from '../http/client-address';
import { MEMBER_HASHER } from '../http/context.module';
import { originOf } from '../http/request-writer';
import { EmailField } from '../management/input/email-field';
import { NameField } from '../management/input/fields';
import { SignInRecorder } from '../sign-ins/record-sign-ins';
import { DashboardController } from './dashboard-controller';
import { PasswordField, TokenField } from './input-fields';
import { MemberSessions } from './member-sessions';
import { prepareSession, SessionAnswers } from './open-session';

class InvitationBody {
  @TokenField()
  token: string;
}

class AcceptBody extends InvitationBody {
  @NameField({ max: 200, description: 'The name of a new member.' })
  name?: string;

  @EmailField({ description: 'The address of a new member, where the invitation names none.' })
  email?: string;

  @PasswordField({ required: false })
  password?: string;
}

/** Invitations, for whoever has the link of one. */
@DashboardController()
export class InvitationsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(MEMBER_HASHER) private readonly hasher: SecretHasher,
    private readonly sessions: MemberSessions,
    private readonly signIns: SignInRecorder,
    private readonly answers: SessionAnswers,
  ) {}

  @Post('invitations::look_up')
  @HttpCode(200)
  async lookUp(@Body() { token }: InvitationBody) {
    const { email, role, environmentName, memberExists } = await lookUpInvitation(
      this.dataSource,
      hashOpaqueToken(token),
    );
    return { email, role, environment: { name: environmentName }, member_exists: memberExists };
  }

  /**
   * Whoever is signed in with the address of the invitation joins as that member. Else an account is made, or, where there is one,
   * its password asked for; one with a second factor signs in first.
   */
  @Post('invitations::accept')
  @HttpCode(201)
  async accept(
    @Body() body: AcceptBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const tokenHash = hashOpaqueToken(body.token);
    const invitation = await lookUpInvitation(this.dataSource, tokenHash);
    const present = await this.sessions.find(request, null);
    const email = invitation.email ?? body.email ?? present?.email;
    if (email === undefined) throw missing('email');
    const origin = originOf(request);
    if (present?.sessionEnvironmentId === null && foldAddress(present.email) === foldAddress(email)) {
      await acceptInvitation(this.dataSource, tokenHash, {
        invited: { isNew: false, member: present },
        session: null,
        origin,
      });
      return this.answers.render(present, invitation.environmentId);
    }
    const invited = await this.identify({ name: body.name, password: body.password, email }, request);
    const session = prepareSession(request, { method: 'invitation' });
    await acceptInvitation(this.dataSource, tokenHash, { invited, session: session.stored, origin });
    return this.answers.open(request, reply, session);
  }

  private async identify(
    { name, email, password }: Pick<AcceptBody, 'name' | 'password'> & { email: string },
    request: FastifyRequest,
  ): Promise<Acceptance['invited']> {
    const { dataSource, hasher } = this;
    if (password === undefined) throw missing('password');
    if (await hasAccount(dataSource, email)) {
      const asked = { email, password };
      const { member, named } = await verifyPassword({ dataSource, hasher }, asked, clientAddress(request));
      if (!member) {
        if (named) this.signIns.refused({ type: 'member', id: named }, 'wrong_password', originOf(request));
        throw invalidCredentials();
      }
      if (member.hasSecondFactor) throw signInFirst();
      return {
        isNew: false,
        member: await nameMember(dataSource, member.id),
        prove: (manager) => holdPassword(manager, member),
      };
    }
    if (name === undefined) throw missing('name');
    refuseWeakPassword(password, { name, email });
    const passwordHash = await hasher.hashChosen(normalizePassword(password));
    return { isNew: true, member: { id: newId(), name, email, passwordHash } };
  }
}

function missing(fieldName: string): AppError {
  return new AppError({
    kind: 'invalid',
    code: 'invalid_request',
    message: `"${fieldName}" is required.`,
    details: { fields: [{ field: fieldName, problem: `"${fieldName}" is required.` }] },
  });
}

function signInFirst(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'sign_in_required',
    message: 'You have an account with a second factor. Sign in, and open the link of the invitation again.',
  });
}
