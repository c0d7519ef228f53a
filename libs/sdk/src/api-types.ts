import type { ApiErrorCode, PortalErrorCode, ProviderId } from '@rollcall/contract';
import type { UserData } from './events/event-data';
import type { components } from './generated/api';

export type { paths as ApiPaths } from './generated/api';

/**
 * The objects of the management API and the portal's API as they travel: JSON, snake_case, times RFC 3339 in UTC.
 * What the server answers is what its OpenAPI document says, under names of this library; what it takes is written here
 * where this library promises more (lists that it does not change) or asks for less.
 */
type Schemas = components['schemas'];

export type DirectoryProvider = ProviderId;

/** What is known of a SCIM bearer token after it was issued: never the token itself. */
export type DirectorySecret = Schemas['SecretItem'];

export type DirectorySecretStatus = DirectorySecret['status'];

export interface DirectorySecretInput {
  /** What people call it, such as who uses it. */
  name?: string;
  /** Seconds until it expires; absent: never. */
  expires_in?: number;
}

/** The only answer that carries the bearer token. */
export type IssuedDirectorySecret = Schemas['IssuedSecretAnswer'];

/** A directory with its settings. */
export type DirectoryDetail = Schemas['DirectoryItem'];

/** A directory as its administrator sees it. */
export type Directory = Pick<
  DirectoryDetail,
  | 'id'
  | 'name'
  | 'organization_id'
  | 'directory_type'
  | 'directory_provider'
  | 'enabled'
  | 'status'
  | 'health'
  | 'directory_endpoint'
  | 'last_synced_at'
  | 'last_request_time'
  | 'total_users'
  | 'inactive_users'
  | 'total_groups'
  | 'setup'
  | 'secrets'
  | 'deprovision_guard'
  | 'deprovisioning'
>;

/** How a directory is doing, and what its identity provider was refused. */
export type DirectoryHealth = Schemas['HealthItem'];
export type DirectoryRefusal = Schemas['RefusalItem'];

/** When each kind of traffic of a directory came first. */
export type DirectorySetup = Schemas['SetupItem'];

/** `DRAFT` has no secret yet, `IN_PROGRESS` has had no request from the identity provider yet, `COMPLETED` has. */
export type DirectoryStatus = Directory['status'];

/** A normalized user: every key is always present, empty as null, [] or {}; `raw_attributes` only where it was asked for. */
export type DirectoryUser = Schemas['PlainUserItem'];
export type DirectoryUserEmail = Schemas['EmailItem'];
export type DirectoryUserAddress = Schemas['AddressItem'];
export type DirectoryUserManager = Schemas['ManagerItem'];

/** A request of the identity provider, as the request log lists it. */
export type ScimRequest = Schemas['RequestItem'];

/** One page of them, newest first; the token is '' at the end. */
export type ScimRequestPage = Schemas['RequestList'];

/** Which requests of a directory; absent = all. */
export interface ScimRequestQuery {
  outcome?: ScimRequest['outcome'];
  /** A user or group. */
  resource_id?: string;
  /** The userName that a request is about, also one that was refused or only looked up. */
  user_name?: string;
  method?: string;
  status?: number;
  /** Inclusive, RFC 3339. */
  from_time?: string;
  to_time?: string;
  page_size?: number;
}

/** One of them with its redacted bodies, its events and their deliveries. */
export type ScimRequestTrace = Schemas['RequestTraceItem'];

/** Where the values of a user come from. */
export type UserExplanation = Schemas['UserExplanationAnswer'];

/** Whether somebody is in a directory, and if not, why. */
export type PersonFinding = Schemas['PersonFindingAnswer'];

/** A normalized group, its members left out. */
export type DirectoryGroup = Schemas['PlainGroupItem'];

/** One page of a list. The tokens are opaque and '' at the ends. */
export type ListPage = Pick<
  Schemas['UserList'],
  'total_size' | 'next_page_token' | 'prev_page_token' | 'unavailable_cells'
>;

export interface OrganizationFeature {
  name: string;
  enabled: boolean;
}

/** The admin portal's session, as opening a link and asking for it answer. */
export interface PortalSession {
  session: { expire_time: string };
  organization: { id: string; display_name: string };
  features: OrganizationFeature[];
  /** How the portal is set up by the app's owner. */
  portal: PortalBranding;
}

/** How the admin portal is set up. */
export type PortalSettings = Schemas['PortalSettingsItem'];

/** What is absent has its default afterwards. */
export type PortalSettingsInput = Partial<Omit<PortalSettings, 'logo_path'>>;

/** How mails leave, and what became of the newest. */
export type MailStatus = Schemas['MailStatus'];

/** Somebody of an organization's IT who is told of failures by mail. */
export type Contact = Schemas['ContactItem'];

export interface ContactInput {
  email: string;
  name?: string;
}

/** What the app's owner has set of the portal; null: not set. */
export interface PortalBranding {
  display_name: string | null;
  /** Where the logo is on this origin. */
  logo_path: string | null;
  accent_color: string | null;
  support_contact: string | null;
  allowed_origins: string[];
  admin_may_map_roles: boolean;
  admin_may_map_attributes: boolean;
}

/** A code that a later version of the server may add. */
type LaterCode = string & {};

/** The body of every error of the management API and the portal's API. */
export interface ApiErrorBody {
  error: { code: ApiErrorCode | PortalErrorCode | LaterCode; message: string; details?: unknown };
}

/** Who may call the API; `write` includes `read`. */
export type ApiClient = Schemas['ApiClientItem'];
export type ApiScope = ApiClient['scopes'][number];

export interface ApiClientInput {
  name: string;
  scopes: readonly ApiScope[];
  /** The one organization that it is for; absent or null: all. It does not change. */
  organization_id?: string | null;
}

export type ApiClientPatch = Partial<Pick<ApiClientInput, 'name' | 'scopes'>>;

/** The only answers that carry the secrets: creating the client and rotating them. */
export type ApiClientWithSecrets = Schemas['ApiClientSecretAnswer'];

/** A customer of yours. */
export type Organization = Schemas['OrganizationItem'];

export interface OrganizationInput {
  display_name: string;
  external_id?: string | null;
  metadata?: Record<string, unknown> | null;
}

/** A link to the admin portal, without the part that opens it. */
export type PortalLink = Schemas['PortalLinkItem'];

/** The only answer that carries the address. It opens once. */
export type CreatedPortalLink = Schemas['NewPortalLinkItem'];

/** What has become of a link that hands a directory over, without the part that opens it. */
export type HandOver = Schemas['HandOverItem'];

/** The only answer that carries the address. */
export type CreatedHandOver = Schemas['NewHandOverItem'];

export interface DirectoryInput {
  directory_provider: DirectoryProvider;
  /** Default `SCIM`. */
  directory_type?: Directory['directory_type'];
  /** Default: the name of the provider. */
  name?: string;
}

/** What changes; an absent key stays, null gives the default back. */
export interface DirectoryPatch {
  directory_provider?: DirectoryProvider;
  name?: string | null;
  strict?: boolean | null;
  /** Merges too; null: off, which releases nothing. */
  deprovision_guard?: Partial<DeprovisionGuard> | null;
}

/** How many users may lose their access within a window before the rest is held; at least one limit is set. */
export type DeprovisionGuard = Schemas['DeprovisionGuardItem'];

/** What the deprovision guard of a directory holds. */
export type Deprovisioning = Schemas['DeprovisioningItem'];

/** A decision about held users, carried out by the worker. */
export type DeprovisioningJob = Schemas['DeprovisioningJobItem'];

/** A user whose deactivation or deletion was held. */
export interface HeldUser extends Omit<Schemas['HeldUserItem'], 'user'> {
  /** As published; `raw_attributes` only with `include_detail`. */
  user: Omit<UserData, 'raw_attributes'> & Partial<Pick<UserData, 'raw_attributes'>>;
}

/** Which held users a list shows. */
export interface HeldUserFilter {
  /** Absent: both. */
  state?: 'HELD' | 'DISCARDED';
  include_detail?: boolean;
}

export interface DetailQuery {
  /** Also `raw_attributes`. */
  include_detail?: boolean;
}

/** Which users a list has, and in which order. */
export interface UserListQuery extends DetailQuery {
  page_size?: number;
  /** Words with which a name, an address or the External ID begins. */
  search?: string;
  active?: boolean;
  /** Only who has this role. */
  role_name?: string;
  /** Absent: oldest first; with a minus the largest first. */
  sort?: 'name' | '-name' | 'email' | '-email' | 'updated' | '-updated';
  /** Only members of this group. */
  directory_group_id?: string;
  /** Only what changed after this time, RFC 3339. */
  updated_after?: string;
}

/** Which groups a list has, and in which order. */
export interface GroupListQuery extends Pick<
  UserListQuery,
  'page_size' | 'include_detail' | 'updated_after' | 'search'
> {
  sort?: 'name' | '-name' | 'updated' | '-updated';
}

/** What is kept of a deleted person or organization, being erased; the receipt once it is `finished`. */
export type Erasure = Schemas['ErasureItem'];

export interface ErasureListQuery {
  page_size?: number;
  /** Only those of this organization. */
  organization_id?: string;
}

/** Who did what, when and from where. */
export type AuditEntry = Schemas['AuditEntryItem'];
export type AuditActor = AuditEntry['actor'];
export type AuditTarget = AuditEntry['target'];

/** Which entries; absent = all. */
export interface AuditLogQuery {
  organization_id?: string;
  actor_id?: string;
  action?: AuditEntry['action'];
  target_id?: string;
  /** Inclusive, RFC 3339. */
  from_time?: string;
  to_time?: string;
  page_size?: number;
}
