import { Module } from '@nestjs/common';
import { KeysController } from '../oauth/keys.controller';
import { TokenController } from '../oauth/token.controller';
import { MemberSessionsModule } from '../dashboard-api/member-sessions.module';
import { SignInModule } from '../sign-ins/sign-in.module';
import { MemberAccess } from './access/member-access';
import { ApiClientsController } from './api-clients/api-clients.controller';
import { AuditController } from './audit/audit.controller';
import { AccessTokenGuard } from './access-token.guard';
import { ContactsController } from './contacts/contacts.controller';
import { DeprovisioningController } from './deprovisioning/deprovisioning.controller';
import { DirectoriesController } from './directories/directories.controller';
import { ErasuresController } from './erasures/erasures.controller';
import { EventLogController } from './events/event-log.controller';
import { EventsController } from './events/events.controller';
import { ScalekitEventsController } from './events/scalekit-events.controller';
import { SnapshotController } from './events/snapshot.controller';
import { HandOversController } from './hand-overs/hand-overs.controller';
import { MailController } from './mail/mail.controller';
import { ExplainController } from './explain/explain.controller';
import { OrganizationsController } from './organizations/organizations.controller';
import { OverviewController } from './overview/overview.controller';
import { Pager } from './paging/pager';
import { PeopleController } from './people/people.controller';
import { PortalLinksController } from './portal-links/portal-links.controller';
import { PortalSettingsController } from './portal-settings/portal-settings.controller';
import { ReplaysController } from './replays/replays.controller';
import { RequestsController } from './requests/requests.controller';
import { RolesController } from './roles/roles.controller';
import { RulesController } from './rules/rules.controller';
import { SecretsController } from './secrets/secrets.controller';
import { WebhookEndpointsController } from './webhook-endpoints/webhook-endpoints.controller';

/** The app owner's API below /api/v1 and its token endpoint. Page tokens are shared with the portal's API. */
@Module({
  imports: [SignInModule, MemberSessionsModule],
  controllers: [
    TokenController,
    KeysController,
    ApiClientsController,
    OrganizationsController,
    PortalLinksController,
    PortalSettingsController,
    ContactsController,
    MailController,
    DirectoriesController,
    DeprovisioningController,
    SecretsController,
    HandOversController,
    PeopleController,
    ExplainController,
    RequestsController,
    RolesController,
    RulesController,
    WebhookEndpointsController,
    ReplaysController,
    ErasuresController,
    EventsController,
    EventLogController,
    ScalekitEventsController,
    SnapshotController,
    AuditController,
    OverviewController,
  ],
  providers: [AccessTokenGuard, MemberAccess, Pager],
  exports: [AccessTokenGuard, MemberAccess, Pager],
})
export class ManagementModule {}
