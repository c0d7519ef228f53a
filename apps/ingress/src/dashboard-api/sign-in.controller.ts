import { Body, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInRefusal } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  beginSecondFactor,
  createCodeLimiter,
  finishSignInWithCode,
  holdPassword,
  invalidCredentials,
  openMemberSession,
  refuseWithoutEnvironment,
  takeAttempt,
  verifyPassword,
} from '@rollcall/management';
import { AppError, hashOpaqueToken, newId, newOpaqueToken } from '@rollcall/platform';
import type { Clock, Sealer, SecretHasher } from '@rollcall/platform';
import { clientAddress } from '../http/client-address';
import { CLOCK, MEMBER_HASHER, SEALER } from '../http/context.module';
import { originOf } from '../http/request-writer';
import { EmailField } from '../management/input/email-field';
import { TextField } from '../management/input/fields';
import { SignInRecorder } from '../sign-ins/record-sign-ins';
import { DashboardController } from './dashboard-controller';
import { PasswordField } from './input-fields';
import { prepareSession, SessionAnswers } from './open-session';

class SignInBody {
  @EmailField({ required: true, description: 'The address of the account.' })
  email: string;

  @PasswordField()
  password: string;
}

class SecondFactorBody {
  @TextField({ required: true, max: 200, description: 'What the password was answered with.' })
  token: string;

  @TextField({ required: true, max: 40, description: 'A code of the authenticator app, or a recovery code.' })
  code: string;
}

/** Sign-in with a password, and a code where the member has a second factor. */
@DashboardController()
export class SignInController {
  private readonly codes = createCodeLimiter();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(MEMBER_HASHER) private readonly hasher: SecretHasher,
    @Inject(SEALER) private readonly sealer: Sealer,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly signIns: SignInRecorder,
    private readonly answers: SessionAnswers,
  ) {}

  @Post('sign_in')
  @HttpCode(200)
  async signIn(
    @Body() body: SignInBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { dataSource, hasher } = this;
    const { member, named } = await verifyPassword({ dataSource, hasher }, body, clientAddress(request));
    if (!member) {
      this.refused(named, 'wrong_password', request);
      throw invalidCredentials();
    }
    const { hasSecondFactor: tookSecondFactor } = member;
    await refuseWithoutEnvironment(dataSource, member.id, { method: 'password', tookSecondFactor });
    if (tookSecondFactor) {
      const token = newOpaqueToken();
      const pending = { id: newId(), tokenHash: hashOpaqueToken(token) };
      return { second_factor: { token, methods: await beginSecondFactor(dataSource, member, pending) } };
    }
    const session = prepareSession(request, { method: 'password' });
    await openMemberSession(dataSource, member.id, session.stored, (manager) => holdPassword(manager, member));
    return this.answers.open(request, reply, session);
  }

  @Post('sign_in/second_factor')
  @HttpCode(200)
  async finish(
    @Body() { token, code }: SecondFactorBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const pending = await takeAttempt(this.dataSource, hashOpaqueToken(token));
    const takeBack = this.codes.count(pending.memberId, clientAddress(request));
    const session = prepareSession(request, { method: 'password', tookSecondFactor: true });
    const tools = { sealer: this.sealer, hasher: this.hasher, now: this.clock() };
    try {
      await finishSignInWithCode(this.dataSource, tools, { pending, code, session: session.stored });
    } catch (error) {
      if (error instanceof AppError && error.code === 'second_factor_refused')
        this.refused(pending.memberId, 'wrong_code', request);
      throw error;
    }
    takeBack();
    return this.answers.open(request, reply, session);
  }

  /** A refusal is counted for the member who was named. */
  private refused(memberId: string | null, reason: SignInRefusal, request: FastifyRequest): void {
    if (memberId !== null) this.signIns.refused({ type: 'member', id: memberId }, reason, originOf(request));
  }
}
