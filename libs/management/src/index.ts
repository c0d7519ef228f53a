export { exportAuditEntries, listAuditEntries } from './audit/list-audit-entries';
export type { AuditFilter, AuditRow } from './audit/list-audit-entries';
export { renderAuditEntry } from './audit/render-audit-entry';
export { writeSignIns } from './audit/write-sign-ins';
export type { SignIn, SignInRefusal, SignInRow, SignInTarget } from './audit/write-sign-ins';
export { asOperator } from './audit/record-change';
export type { Writer } from './audit/record-change';
export { admitApiClient, findClientSecret, rehashClientSecret, touchApiClient } from './api-clients/admit-api-client';
export type { AdmittedClient, StoredClientSecret } from './api-clients/admit-api-client';
export { isApiClientKnown } from './api-clients/is-api-client-known';
export { createApiClient } from './api-clients/create-api-client';
export type { ClientWithSecret } from './api-clients/create-api-client';
export { findEnvironmentOf, listEnvironments } from './api-clients/find-environments';
export { findEnvironmentLimits, setEnvironmentLimits } from './environments/set-limits';
export { listApiClients } from './api-clients/list-api-clients';
export { revokeApiClient } from './api-clients/revoke-api-client';
export { rotateApiClient } from './api-clients/rotate-api-client';
export { updateApiClient } from './api-clients/update-api-client';
export { copyConfiguration } from './cells/copy-configuration';
export { CONFIGURATION_LOOK_MS, keepConfiguration } from './cells/keep-configuration';
export type { ConfigurationKeeper } from './cells/keep-configuration';
export {
  countOrganizations,
  findDirectoryPlacement,
  findMoving,
  findPastCells,
  findPastPlacements,
  findPlacement,
  locateDirectory,
  locateHandOver,
  locateOrganization,
  locatePortalLink,
  locatePortalSession,
  whileNamingOrganization,
} from './cells/find-placements';
export type { Located, PlacedOrganization, Placement } from './cells/find-placements';
export { alertContacts } from './contacts/alert-contacts';
export { createContact } from './contacts/create-contact';
export { listContacts } from './contacts/find-contact';
export { unsubscribe, unsubscribeToken } from './contacts/unsubscribe';
export { deleteContact, updateContact } from './contacts/update-contact';
export { decideDeprovisioning } from './deprovisioning/decide-deprovisioning';
export type { HoldDecision } from './deprovisioning/decide-deprovisioning';
export { listHeldUsers } from './deprovisioning/list-held-users';
export type { HeldUserRow } from './deprovisioning/list-held-users';
export type { DecisionJob, DeprovisioningView } from './deprovisioning/view-deprovisioning';
export { configureDirectory } from './directories/configure-directory';
export { createDirectory } from './directories/create-directory';
export type { NewDirectory } from './directories/create-directory';
export { deleteDirectory } from './directories/delete-directory';
export { healthOf, lastRequestTime } from './directories/health-of';
export { findDirectories, findDirectory } from './directories/find-directory';
export { findDirectoryScope, findResourceScope } from './directories/find-directory-scope';
export type { DirectoryScope, DirectoryView, OrganizationScope } from './directories/find-directory';
export { listDirectories } from './directories/list-directories';
export { writeRefusals } from './directories/write-refusals';
export type { CountedRefusal } from './directories/write-refusals';
export { setDirectoryEnabled, updateDirectory } from './directories/update-directory';
export type { DirectoryPatch } from './directories/update-directory';
export { findErasedUser, findErasureScope } from './erasures/find-erased-user';
export { findErasure, listErasures } from './erasures/list-erasures';
export { previewErasure } from './erasures/preview-erasure';
export { startOrganizationErasure } from './erasures/start-organization-erasure';
export { startPersonErasure } from './erasures/start-person-erasure';
export { findEventBodies, findEventBody, listEventDeliveries } from './feed/find-event';
export { listLatestEvents } from './feed/list-latest-events';
export type { EventSummary } from './feed/list-latest-events';
export { openSnapshot } from './feed/open-snapshot';
export { readEventFeed } from './feed/read-event-feed';
export type { FeedFilter } from './feed/read-event-feed';
export type { FeedPosition, FeedStart } from './feed/resolve-feed-start';
export {
  claimIdempotencyKey,
  IDEMPOTENCY_KEPT_HOURS,
  keepAnswer,
  noteCarriedOut,
  releaseIdempotencyKey,
} from './idempotency/idempotency-keys';
export type { IdempotentRequest, KeptAnswer } from './idempotency/idempotency-keys';
export { createHandOver } from './hand-overs/create-hand-over';
export { findHandOver, viewHandOver } from './hand-overs/find-hand-over';
export type { OpenHandOver } from './hand-overs/find-hand-over';
export { listHandOvers } from './hand-overs/list-hand-overs';
export type { HandOverView } from './hand-overs/list-hand-overs';
export { openHandOver, showHandOverToken } from './hand-overs/open-hand-over';
export { revokeHandOver } from './hand-overs/revoke-hand-over';
export { keepAccess } from './imports/keep-access';
export type { ForeignAccess } from './imports/keep-access';
export { findForeignIds, mayBeImported } from './imports/find-foreign-ids';
export { findImported } from './imports/find-imported';
export { findImportedPeople } from './imports/find-imported-people';
export { listImported } from './imports/list-imported';
export type { ImportedState } from './imports/list-imported';
export { createOrganization, externalIdTaken } from './organizations/create-organization';
export { deleteOrganization } from './organizations/delete-organization';
export { findOrganization } from './organizations/find-organization';
export { listOrganizations } from './organizations/list-organizations';
export { updateOrganization } from './organizations/update-organization';
export type { OrganizationPatch } from './organizations/update-organization';
export { acceptInvitation, hasAccount, lookUpInvitation } from './members/accept-invitation';
export type { Acceptance } from './members/accept-invitation';
export { admitMember, holdMember, refuseRole, signedOut, touchMember } from './members/admit-member';
export type { AdmittedMember } from './members/admit-member';
export { changeMemberRole, removeMember } from './members/change-member-role';
export { changePassword, renameMember } from './members/change-own-account';
export { createMemberEnvironment } from './members/create-environment';
export { dashboardUrl, invitationUrl, setupUrl } from './members/dashboard-urls';
export { finishSignIn, finishSignInWithCode } from './members/finish-sign-in';
export { inviteMember, revokeInvitation } from './members/invite-member';
export type { InvitationView } from './members/invite-member';
export { listMemberEnvironments } from './members/list-member-environments';
export { listMembers } from './members/list-members';
export type { MemberView } from './members/list-members';
export { confirmMember, endMemberSessions, listMemberSessions } from './members/member-sessions';
export type { MemberSessionView } from './members/member-sessions';
export { memberActor } from './members/member-target';
export { nameMember, refuseWithoutEnvironment } from './members/name-member';
export { openMemberSession, SESSION_SECONDS } from './members/open-member-session';
export type { NewMemberSession } from './members/open-member-session';
export {
  addPasskey,
  askForPasskey,
  findMemberOfPasskey,
  listPasskeys,
  offerPasskey,
  purposeOfSignIn,
  removePasskey,
  takePasskey,
} from './members/passkeys';
export type { PasskeyTools, PasskeyView } from './members/passkeys';
export { beginSecondFactor, findPendingSignIn, takeAttempt } from './members/pending-sign-in';
export { refuseWeakPassword } from './members/refuse-weak-password';
export {
  confirmTotp,
  offerTotp,
  readSecondFactors,
  refuseFactorThatOpens,
  removeTotp,
  replaceRecoveryCodes,
} from './members/second-factor';
export { joinBySingleSignOn, singleSignOnRefused } from './members/join-by-single-sign-on';
export type { Identity } from './members/join-by-single-sign-on';
export { findSingleSignOn, findOnlySingleSignOn, removeSingleSignOn, setSingleSignOn } from './members/single-sign-on';
export type { SingleSignOn } from './members/single-sign-on';
export { hasMembers, requireSetupToken, setUpDashboard } from './members/set-up-dashboard';
export { createCodeLimiter, newTotpSecret } from './members/verify-code';
export {
  holdPassword,
  invalidCredentials,
  isOwnPassword,
  normalizePassword,
  verifyPassword,
  wrongPassword,
} from './members/verify-password';
export { readOverview } from './overview/read-overview';
export type { Overview } from './overview/read-overview';
export { OVERVIEW_PERIODS } from './overview/read-traffic';
export type { OverviewPeriod, TrafficView } from './overview/read-traffic';
export { DIRECTORY_TROUBLES } from './overview/survey-directories';
export type { DirectoryTrouble, TroubledDirectory } from './overview/survey-directories';
export type { Page, PageCursor, PageRequest } from './paging/read-page';
export { explainUser } from './people/explain-user';
export type { Origin, UserExplanation } from './people/explain-user';
export { findPerson } from './people/find-person';
export type { PersonFinding } from './people/find-person';
export { exportDirectoryUsers } from './people/export-directory-users';
export {
  findDirectoryGroup,
  findDirectoryGroups,
  GROUP_SORTS,
  listDirectoryGroups,
} from './people/list-directory-groups';
export type { GroupRow, GroupSort } from './people/list-directory-groups';
export { findDirectoryUser, listDirectoryUsers } from './people/list-directory-users';
export { USER_SORTS } from './people/user-list';
export type { UserFilter, UserSort } from './people/user-list';
export type { UserRow } from './people/list-directory-users';
export { composeMail } from './mail/compose-mail';
export { foldAddress } from './mail/fold-address';
export { listMails, readMailbox } from './mail/list-mails';
export type { KeptMail } from './mail/list-mails';
export { sendTestMail } from './mail/send-test-mail';
export { writeMail } from './mail/write-mail';
export type { StoredMessage } from './mail/write-mail';
export { findAllowedOrigins, findPortalLogo, findPortalSettings } from './portal-settings/find-portal-settings';
export type { PortalSettingsView } from './portal-settings/find-portal-settings';
export { setPortalSettings } from './portal-settings/set-portal-settings';
export type { Logo } from './portal-settings/set-portal-settings';
export { admitPortalSession } from './portal/admit-portal-session';
export { linkUnknown } from './portal/find-portal-link';
export { createPortalLink } from './portal/create-portal-link';
export { sendPortalCode } from './portal/portal-code';
export { endPortalSession } from './portal/end-portal-session';
export { findPortalSession, requirePortalSession } from './portal/find-portal-session';
export { listPortalLinks } from './portal/list-portal-links';
export { findOpenMemberSessions, findOpenSessions, readLiveMarks } from './portal/watch-organizations';
export type { LiveMarks, WatchedSession } from './portal/watch-organizations';
export { openPortalSession } from './portal/open-portal-session';
export type { PortalSessionView } from './portal/open-portal-session';
export { portalSessionActor } from './portal/portal-session-actor';
export { revokePortalLinks } from './portal/revoke-portal-links';
export { findRequest } from './requests/find-request';
export type { RequestTrace, TracedDelivery, TracedEvent } from './requests/find-request';
export { listRequests } from './requests/list-requests';
export type { RequestFilter } from './requests/list-requests';
export { findRequestLogSettings, setRequestLog } from './requests/set-request-log';
export type { RequestLogSettings } from './requests/set-request-log';
export { createRole } from './roles/create-role';
export { deleteRole } from './roles/delete-role';
export { findRole } from './roles/find-role';
export type { RoleView } from './roles/find-role';
export { listRoles } from './roles/list-roles';
export { previewDefaultRole } from './roles/preview-default-role';
export { setDefaultRole } from './roles/set-default-role';
export { updateRole } from './roles/update-role';
export { changeDirectoryRules } from './rules/change-directory-rules';
export { asMappingAdmin, refuseMappingByAdmin } from './rules/admin-may-map';
export { viewDirectoryRules } from './rules/view-directory-rules';
export type { RulesView } from './rules/view-directory-rules';
export { previewRulesChange } from './rules/preview-rules-change';
export type { RulesImpact } from './rules/examine-users';
export { issueDirectorySecret } from './secrets/issue-directory-secret';
export type { SecretOptions } from './secrets/issue-directory-secret';
export { listDirectorySecrets } from './secrets/list-directory-secrets';
export { revokeDirectorySecret } from './secrets/revoke-directory-secret';
export { createReplay } from './replays/create-replay';
export type { NewReplay } from './replays/create-replay';
export { findReplay, listReplays } from './replays/list-replays';
export { cancelReplay, pauseReplay, resumeReplay } from './replays/steer-replay';
export type { ToWake, Waking } from './wake/to-wake';
export { createTestDelivery } from './webhooks/create-test-delivery';
export { discardPendingDeliveries } from './webhooks/discard-pending-deliveries';
export { createWebhookEndpoint } from './webhooks/create-webhook-endpoint';
export type { EndpointTools, NewWebhookEndpoint } from './webhooks/create-webhook-endpoint';
export { findWebhookEndpoint, listWebhookEndpoints } from './webhooks/find-webhook-endpoint';
export type { WebhookEndpointView } from './webhooks/find-webhook-endpoint';
export { findDelivery } from './webhooks/find-delivery';
export { listDeliveries } from './webhooks/list-deliveries';
export { retryDelivery } from './webhooks/retry-delivery';
export { rotateEndpointSecret } from './webhooks/rotate-endpoint-secret';
export { deleteWebhookEndpoint, updateWebhookEndpoint } from './webhooks/update-webhook-endpoint';
export type { WebhookEndpointPatch } from './webhooks/update-webhook-endpoint';
