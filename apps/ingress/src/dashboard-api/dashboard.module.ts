import { Module } from '@nestjs/common';
import { LiveModule } from '../portal-api/live/live.module';
import { SameOriginGuard } from '../portal-api/same-origin.guard';
import { SignInModule } from '../sign-ins/sign-in.module';
import { DashboardLiveController } from './dashboard-live.controller';
import { IdentityProvider } from './identity-provider';
import { InvitationsController } from './invitations.controller';
import { MeController } from './me.controller';
import { MemberSessionsModule } from './member-sessions.module';
import { MembersController } from './members.controller';
import { SessionAnswers } from './open-session';
import { PasskeySignInController } from './passkey-sign-in.controller';
import { PasskeysController } from './passkeys.controller';
import { DashboardSessionController } from './session.controller';
import { SetupController } from './setup.controller';
import { SingleSignOnController } from './single-sign-on.controller';
import { SignInController } from './sign-in.controller';
import { SsoSignInController } from './sso-sign-in.controller';

/** The dashboard's own API below /dashboard/api: who signs in, and how. What its pages show comes from the management API. */
@Module({
  imports: [LiveModule, MemberSessionsModule, SignInModule],
  controllers: [
    DashboardSessionController,
    DashboardLiveController,
    SignInController,
    PasskeySignInController,
    SetupController,
    InvitationsController,
    MembersController,
    MeController,
    PasskeysController,
    SingleSignOnController,
    SsoSignInController,
  ],
  providers: [SameOriginGuard, SessionAnswers, IdentityProvider],
})
export class DashboardModule {}
