import { ApiClient } from './api-client';
import { ApiClientSecret } from './api-client-secret';
import { Change } from './change';
import { Contact } from './contact';
import { ContactAlert } from './contact-alert';
import { Deprovisioning } from './deprovisioning';
import { DeprovisioningJob } from './deprovisioning-job';
import { Directory } from './directory';
import { DirectoryAlias } from './directory-alias';
import { DirectoryCounter } from './directory-counter';
import { DirectoryGroup } from './directory-group';
import { DirectoryRefusal } from './directory-refusal';
import { DirectorySecret } from './directory-secret';
import { DirectoryUser } from './directory-user';
import { DirectoryUserEmail } from './directory-user-email';
import { Environment } from './environment';
import { Erasure } from './erasure';
import { HandOver } from './hand-over';
import { IdempotencyKey } from './idempotency-key';
import { ImportedId } from './imported-id';
import { HeldMembership } from './held-membership';
import { HeldUser } from './held-user';
import { LearnedAttribute } from './learned-attribute';
import { Mail } from './mail';
import { Membership } from './membership';
import { Organization } from './organization';
import { PortalLink } from './portal-link';
import { PortalLogo } from './portal-logo';
import { PortalSession } from './portal-session';
import { PortalSettings } from './portal-settings';
import { PublishedGroup } from './published-group';
import { PublishedMembership } from './published-membership';
import { PublishedUser } from './published-user';
import { Replay } from './replay';
import { Role } from './role';
import { RulesJob } from './rules-job';
import { SearchTerm } from './search-term';
import { UnresolvedMember } from './unresolved-member';
import { UnsubscribedAddress } from './unsubscribed-address';
import { WebhookEndpoint } from './webhook-endpoint';
import { WebhookEndpointHealth } from './webhook-endpoint-health';
import { WebhookSecret } from './webhook-secret';

export {
  ApiClient,
  ApiClientSecret,
  Change,
  Contact,
  ContactAlert,
  Deprovisioning,
  DeprovisioningJob,
  Directory,
  DirectoryAlias,
  DirectoryCounter,
  DirectoryGroup,
  DirectoryRefusal,
  DirectorySecret,
  DirectoryUser,
  DirectoryUserEmail,
  Environment,
  Erasure,
  HandOver,
  IdempotencyKey,
  ImportedId,
  HeldMembership,
  HeldUser,
  LearnedAttribute,
  Mail,
  Membership,
  Organization,
  PortalLink,
  PortalLogo,
  PortalSession,
  PortalSettings,
  PublishedGroup,
  PublishedMembership,
  PublishedUser,
  Replay,
  Role,
  RulesJob,
  SearchTerm,
  UnresolvedMember,
  UnsubscribedAddress,
  WebhookEndpoint,
  WebhookEndpointHealth,
  WebhookSecret,
};

/** Every entity. The partitioned logs, what members of the dashboard have and what is counted of traffic have none: they are read by SQL. */
export const entities = [
  ApiClient,
  ApiClientSecret,
  Change,
  Contact,
  ContactAlert,
  Deprovisioning,
  DeprovisioningJob,
  Directory,
  DirectoryAlias,
  DirectoryCounter,
  DirectoryGroup,
  DirectoryRefusal,
  DirectorySecret,
  DirectoryUser,
  DirectoryUserEmail,
  Environment,
  Erasure,
  HandOver,
  IdempotencyKey,
  ImportedId,
  HeldMembership,
  HeldUser,
  LearnedAttribute,
  Mail,
  Membership,
  Organization,
  PortalLink,
  PortalLogo,
  PortalSession,
  PortalSettings,
  PublishedGroup,
  PublishedMembership,
  PublishedUser,
  Replay,
  Role,
  RulesJob,
  SearchTerm,
  UnresolvedMember,
  UnsubscribedAddress,
  WebhookEndpoint,
  WebhookEndpointHealth,
  WebhookSecret,
];
