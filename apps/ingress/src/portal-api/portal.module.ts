import { Module } from '@nestjs/common';
import { ManagementModule } from '../management/management.module';
import { HandOverController } from './hand-over/hand-over.controller';
import { HandOverGuard } from './hand-over/hand-over.guard';
import { PortalContactsController } from './portal-contacts.controller';
import { LiveController } from './live/live.controller';
import { LiveModule } from './live/live.module';
import { PortalDirectoriesController } from './portal-directories.controller';
import { PortalEmbeddingController } from './portal-embedding.controller';
import { PortalHandOversController } from './portal-hand-overs.controller';
import { PortalLogosController } from './portal-logos.controller';
import { PortalRequestsController } from './portal-requests.controller';
import { PortalDeprovisioningController } from './portal-deprovisioning.controller';
import { PortalMappingController } from './portal-mapping.controller';
import { PortalPeopleController } from './portal-people.controller';
import { PortalSessionController } from './portal-session.controller';
import { PortalSessionGuard } from './portal-session.guard';
import { PortalUnsubscribeController } from './portal-unsubscribe.controller';
import { SameOriginGuard } from './same-origin.guard';

/** The Admin Portal's own API below /portal/api: a cookie session, one organization. A hand-over has a door of its own, to one directory. */
@Module({
  imports: [LiveModule, ManagementModule],
  controllers: [
    PortalSessionController,
    PortalDirectoriesController,
    PortalHandOversController,
    HandOverController,
    PortalEmbeddingController,
    PortalLogosController,
    PortalContactsController,
    LiveController,
    PortalRequestsController,
    PortalUnsubscribeController,
    PortalPeopleController,
    PortalDeprovisioningController,
    PortalMappingController,
  ],
  providers: [HandOverGuard, PortalSessionGuard, SameOriginGuard],
})
export class PortalModule {}
