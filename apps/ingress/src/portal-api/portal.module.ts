import { Module } from '@nestjs/common';
import { ManagementModule } from '../management/management.module';
import { PortalDirectoriesController } from './portal-directories.controller';
import { PortalSessionController } from './portal-session.controller';
import { PortalSessionGuard } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

/** The Admin Portal's own API below /portal/api: a cookie session, one organization. */
@Module({
  imports: [ManagementModule],
  controllers: [PortalSessionController, PortalDirectoriesController],
  providers: [PortalSessionGuard, SameOriginGuard],
})
export class PortalModule {}
