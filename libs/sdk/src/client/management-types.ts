import type { Directory, DirectoryProvider, OrganizationFeature } from '../portal-types';

/** A customer of yours. */
export interface Organization {
  id: string;
  display_name: string;
  /** Your own id of it, unique. */
  external_id: string | null;
  metadata: Record<string, unknown>;
  create_time: string;
  update_time: string;
  settings: { features: OrganizationFeature[] };
}

export interface OrganizationInput {
  display_name: string;
  external_id?: string | null;
  metadata?: Record<string, unknown> | null;
}

/** A link to the admin portal, without the part that opens it. */
export interface PortalLink {
  id: string;
  create_time: string;
  expire_time: string;
}

/** The only answer that carries the address. It opens once. */
export interface CreatedPortalLink extends PortalLink {
  location: string;
}

/** A directory with its settings. */
export interface DirectoryDetail extends Directory {
  /** Whether PATCH follows RFC 7644 to the letter. */
  strict: boolean;
  /** Roles given by groups, in order of precedence. */
  role_assignments: { assignments: { group_id: string; role_name: string }[] };
  /** SCIM attribute paths and their names in `custom_attributes`. */
  attribute_mappings: { attributes: { key: string; map_to: string }[] };
  create_time: string;
  update_time: string;
}

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
}

export interface DetailQuery {
  /** Also `raw_attributes`. */
  include_detail?: boolean;
}

export interface UserListQuery extends DetailQuery {
  page_size?: number;
  /** Only members of this group. */
  directory_group_id?: string;
  /** Only what changed after this time, RFC 3339. */
  updated_after?: string;
}

export type GroupListQuery = Pick<UserListQuery, 'page_size' | 'include_detail' | 'updated_after'>;

export type WebhookOrdering = 'resource' | 'fifo' | 'none';

/** Where events are sent. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  description: string;
  /** Empty: every type but the operational ones. */
  event_types: string[];
  /** Empty: every organization. */
  organization_ids: string[];
  ordering: WebhookOrdering;
  enabled: boolean;
  create_time: string;
  update_time: string;
}

export interface WebhookEndpointInput {
  url: string;
  description?: string;
  event_types?: readonly string[];
  organization_ids?: readonly string[];
  ordering?: WebhookOrdering;
  enabled?: boolean;
}

/** The only answers that carry the secret: creating the endpoint and rotating it. */
export interface WebhookEndpointWithSecret {
  webhook_endpoint: WebhookEndpoint;
  secret: string;
}

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  id: string;
  [key: string]: unknown;
}

/** Events sent again to one endpoint. */
export interface WebhookReplay {
  id: string;
  state: string;
  total: number;
  done: number;
}

/** Which events to send again; absent = no limit. */
export interface WebhookReplayInput {
  from_time?: string;
  to_time?: string;
  directory_id?: string;
  from_sequence?: number;
  to_sequence?: number;
  types?: readonly string[];
  /** Only count them. */
  dry_run?: boolean;
}
