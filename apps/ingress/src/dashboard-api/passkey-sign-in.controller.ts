import { Body, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import {
  askForPasskey,
  findMemberOfPasskey,
  findPendingSignIn,
  finishSignIn,
  openMemberSession,
  purposeOfSignIn,
  refuseWithoutEnvironment,
  takeAttempt,
  takePasskey,
} from '@rollcall/management';
import { hashOpaqueToken } from '@rollcall/platform';
import type { Clock } from '@rollcall/platform';
import { CLOCK, CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { TextField } from '../management/input/fields';
import { DashboardController } from './dashboard-controller';
import { PasskeyField } from './input-fields';
import { prepareSession, SessionAnswers } from './open-session';
import { passkeyTools } from './passkey-tools';

class BeginBody {
  @TextField({ max: 200, description: 'What the password was answered with; without it the passkey stands alone.' })
  token?: string;
}

class PasskeySignInBody extends BeginBody {
  @PasskeyField({ required: true })
  response: object;
}

/** Sign-in with a passkey: by itself, for it asks its user who they are, or as a second factor. */
@DashboardController()
export class PasskeySignInController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly answers: SessionAnswers,
  ) {}

  @Post('sign_in/passkey::options')
  @HttpCode(200)
  async begin(@Body() { token }: BeginBody) {
    const pending = token === undefined ? null : await findPendingSignIn(this.dataSource, hashOpaqueToken(token));
    return askForPasskey(this.dataSource, passkeyTools(this.config, this.clock()), pending);
  }

  @Post('sign_in/passkey')
  @HttpCode(200)
  async finish(
    @Body() { token, response }: PasskeySignInBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const signIn = { method: 'passkey', tookSecondFactor: true } as const;
    const session = prepareSession(request, signIn);
    const tools = passkeyTools(this.config, this.clock());
    if (token === undefined) {
      const memberId = await findMemberOfPasskey(this.dataSource, response);
      await refuseWithoutEnvironment(this.dataSource, memberId, signIn);
      await openMemberSession(this.dataSource, memberId, session.stored, (manager) =>
        takePasskey(manager, tools, { memberId, purpose: purposeOfSignIn(null), response }),
      );
    } else {
      const pending = await takeAttempt(this.dataSource, hashOpaqueToken(token));
      await finishSignIn(this.dataSource, { pending, session: session.stored }, (manager) =>
        takePasskey(manager, tools, {
          memberId: pending.memberId,
          purpose: purposeOfSignIn(pending.id),
          response,
        }),
      );
    }
    return this.answers.open(request, reply, session);
  }
}
