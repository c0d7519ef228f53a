import { Body, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { normalizePassword, refuseWeakPassword, requireSetupToken, setUpDashboard } from '@rollcall/management';
import { hashOpaqueToken, newId } from '@rollcall/platform';
import type { SecretHasher } from '@rollcall/platform';
import { MEMBER_HASHER } from '../http/context.module';
import { EmailField } from '../management/input/email-field';
import { NameField } from '../management/input/fields';
import { DashboardController } from './dashboard-controller';
import { PasswordField, TokenField } from './input-fields';
import { prepareSession, SessionAnswers } from './open-session';

class SetupBody {
  @TokenField()
  token: string;

  @NameField({ required: true, max: 200, description: 'The name of the first owner.' })
  name: string;

  @EmailField({ required: true, description: 'The address of the first owner.' })
  email: string;

  @PasswordField()
  password: string;
}

/** The first owner, by the link of the first start. */
@DashboardController()
export class SetupController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(MEMBER_HASHER) private readonly hasher: SecretHasher,
    private readonly answers: SessionAnswers,
  ) {}

  @Post('setup')
  @HttpCode(201)
  async setUp(
    @Body() { token, name, email, password }: SetupBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    refuseWeakPassword(password, { name, email });
    const setupTokenHash = hashOpaqueToken(token);
    // Before the password is hashed: a stranger's token costs a look-up.
    await requireSetupToken(this.dataSource, setupTokenHash);
    const passwordHash = await this.hasher.hashChosen(normalizePassword(password));
    const session = prepareSession(request, { method: 'setup' });
    const member = { id: newId(), name, email, passwordHash };
    await setUpDashboard(this.dataSource, setupTokenHash, { member, session: session.stored });
    return this.answers.open(request, reply, session);
  }
}
