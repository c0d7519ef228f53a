import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { DatabaseModule } from '@rollcall/database';
import type { ConnectOptions } from '@rollcall/database';
import { AnswerErrorFilter } from './http/answer-error.filter';
import { ContextModule } from './http/context.module';
import type { IngressContext } from './http/context.module';
import { LimitsModule } from './http/limits.module';
import { HealthController } from './http/health.controller';
import { DashboardModule } from './dashboard-api/dashboard.module';
import { MailboxController } from './mailbox/mailbox.controller';
import { ManagementModule } from './management/management.module';
import { PortalModule } from './portal-api/portal.module';
import { ScalekitModule } from './scalekit/scalekit.module';
import { ScimModule } from './scim/scim.module';
import { TrafficModule } from './scim/traffic/traffic.module';
import { WorkosModule } from './workos/workos.module';
import { SignInModule } from './sign-ins/sign-in.module';

/** The whole ingress: one process context and one database for all surfaces. */
@Module({})
export class AppModule {
  static forRoot({ database, ...context }: IngressContext & { database: ConnectOptions }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ContextModule.forRoot(context),
        LimitsModule,
        DatabaseModule.forRoot(database),
        SignInModule,
        TrafficModule,
        ScimModule,
        ManagementModule,
        ScalekitModule,
        PortalModule,
        DashboardModule,
        WorkosModule,
      ],
      controllers: [HealthController, MailboxController],
      providers: [{ provide: APP_FILTER, useClass: AnswerErrorFilter }],
    };
  }
}
