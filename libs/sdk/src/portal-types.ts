/**
 * The objects of the management API and the portal's API as they travel: JSON, snake_case, times RFC 3339 in UTC.
 * They are types only, so that a browser bundle takes nothing else from this library.
 */

export type DirectoryProvider =
  'OKTA' | 'MICROSOFT_AD' | 'ONELOGIN' | 'JUMPCLOUD' | 'PING_IDENTITY' | 'RIPPLING' | 'CUSTOM';

/** `DRAFT` has no secret yet, `IN_PROGRESS` has had no request from the identity provider yet, `COMPLETED` has. */
export type DirectoryStatus = 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';

export type DirectorySecretStatus = 'ACTIVE' | 'EXPIRED' | 'REVOKED';

/** What is known of a SCIM bearer token after it was issued: never the token itself. */
export interface DirectorySecret {
  id: string;
  directory_id: string;
  /** The last characters of the token, to tell tokens apart. */
  secret_suffix: string;
  status: DirectorySecretStatus;
  create_time: string;
  /** null = does not expire. */
  expire_time: string | null;
  /** null = not used yet; otherwise exact to about a minute. */
  last_used_time: string | null;
}

/** The only answer that carries the bearer token. */
export interface IssuedDirectorySecret {
  plain_secret: string;
  secret: DirectorySecret;
}

export interface Directory {
  id: string;
  name: string;
  organization_id: string;
  directory_type: 'SCIM';
  directory_provider: DirectoryProvider;
  enabled: boolean;
  status: DirectoryStatus;
  /** Base URL for the identity provider, ending in `/v2`. */
  directory_endpoint: string;
  last_synced_at: string | null;
  total_users: number;
  total_groups: number;
  secrets: DirectorySecret[];
}

export interface DirectoryUserEmail {
  value: string;
  type: string | null;
  primary: boolean;
}

export interface DirectoryUserAddress {
  formatted: string | null;
  street_address: string | null;
  locality: string | null;
  region: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
}

export interface DirectoryUserManager {
  id: string | null;
  value: string | null;
  display_name: string | null;
}

/** A normalized user: every key is always present, empty as null, [] or {}. */
export interface DirectoryUser {
  id: string;
  organization_id: string;
  directory_id: string;
  /** The identity provider's own id of the user (SCIM externalId). */
  dp_id: string | null;
  preferred_username: string | null;
  email: string | null;
  emails: DirectoryUserEmail[];
  active: boolean;
  name: string | null;
  given_name: string | null;
  family_name: string | null;
  nickname: string | null;
  picture: string | null;
  phone_number: string | null;
  address: DirectoryUserAddress | null;
  title: string | null;
  user_type: string | null;
  department: string | null;
  division: string | null;
  cost_center: string | null;
  employee_id: string | null;
  organization: string | null;
  manager: DirectoryUserManager | null;
  profile: string | null;
  language: string | null;
  locale: string | null;
  zoneinfo: string | null;
  groups: { id: string; name: string | null }[];
  roles: { role_name: string }[];
  custom_attributes: Record<string, unknown>;
  /** The SCIM resource as stored; present only where it was asked for. */
  raw_attributes?: Record<string, unknown> | null;
  create_time: string;
  update_time: string;
}

export interface DirectoryGroup {
  id: string;
  organization_id: string;
  directory_id: string;
  dp_id: string | null;
  external_id: string | null;
  display_name: string | null;
  total_users: number;
  raw_attributes?: Record<string, unknown> | null;
  create_time: string;
  update_time: string;
}

/** One page of a list. The tokens are opaque and '' at the ends. */
export interface ListPage {
  total_size: number;
  next_page_token: string;
  prev_page_token: string;
}

export interface OrganizationFeature {
  name: string;
  enabled: boolean;
}

/** The admin portal's session, as opening a link and asking for it answer. */
export interface PortalSession {
  session: { expire_time: string };
  organization: { id: string; display_name: string };
  features: OrganizationFeature[];
}

/** The body of every error of the management API and the portal's API. */
export interface ApiErrorBody {
  error: { code: string; message: string; details?: unknown };
}
