import type { UserData } from '../events/event-data';
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
  role_assignments: { assignments: RoleAssignment[] };
  /** SCIM attribute paths and their names in `custom_attributes`. */
  attribute_mappings: { attributes: AttributeMapping[] };
  /** How far the newest roles and mappings have been applied to the users; null while they never changed. */
  rules_job: RulesJob | null;
  /** From where on mass deactivation and deletion is held until you decide; null: off. */
  deprovision_guard: DeprovisionGuard | null;
  /** A guard that suits the number of users. */
  suggested_deprovision_guard: DeprovisionGuard;
  deprovisioning: Deprovisioning;
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
  /** Merges too; null: off, which releases nothing. */
  deprovision_guard?: Partial<DeprovisionGuard> | null;
}

/** How many users may lose their access within a window before the rest is held; at least one limit is set. */
export interface DeprovisionGuard {
  max_users: number | null;
  /** Per cent of the directory's users. */
  max_percent: number | null;
  window_seconds: number;
}

/** What the deprovision guard of a directory holds. */
export interface Deprovisioning {
  state: 'NONE' | 'HELD';
  held_users: number;
  held_since: string | null;
  /** Users published otherwise than the identity provider has them, since their hold was discarded. */
  discarded_users: number;
  /** How far the newest decision has come. */
  job: DeprovisioningJob | null;
}

/** A decision about held users, carried out by the worker. */
export interface DeprovisioningJob {
  action: 'release' | 'discard';
  state: 'pending' | 'running' | 'finished';
  total: number;
  done: number;
  create_time: string;
  finish_time: string | null;
}

/** A user whose deactivation or deletion was held. */
export interface HeldUser {
  /** As published; `raw_attributes` only with `include_detail`. */
  user: Omit<UserData, 'raw_attributes'> & Partial<Pick<UserData, 'raw_attributes'>>;
  /** What a release does. `UPDATE`: the identity provider has made the user active again meanwhile. */
  kind: 'DEACTIVATE' | 'DELETE' | 'UPDATE';
  state: 'HELD' | 'RELEASING' | 'DISCARDING' | 'DISCARDED';
  held_time: string;
}

/** Which held users a list shows. */
export interface HeldUserFilter {
  /** Absent: both. */
  state?: 'HELD' | 'DISCARDED';
  include_detail?: boolean;
}

/** A role of your application. */
export interface Role {
  role_name: string;
  display_name: string;
  description: string;
  /** Whether users whom no group or attribute gives a role have this one. */
  default_member: boolean;
  create_time: string;
  update_time: string;
}

export interface RoleInput {
  /** What users and events carry; it does not change. */
  role_name: string;
  /** Default: the role_name. */
  display_name?: string | null;
  description?: string | null;
}

export interface RoleReference {
  role_name: string;
}

/** A role for the users of a group. */
export interface RoleAssignment {
  group_id: string;
  role_name: string;
}

/** A SCIM attribute under a name of your own in `custom_attributes`. */
export interface AttributeMapping {
  /** SCIM attribute path. */
  key: string;
  map_to: string;
  /** Paths that are read, in order, where `key` leads to nothing. */
  fallback_keys?: string[];
  /** The value where none of the paths leads to one. */
  default?: string | number | boolean | null;
}

/** The job that applies changed roles or mappings to the users. */
export interface RulesJob {
  state: 'pending' | 'running' | 'finished';
  total: number;
  done: number;
  create_time: string;
  finish_time: string | null;
}

/** What a change of roles or mappings would do. */
export interface RulesImpact {
  users_affected: number;
  /** `user_updated` events that the change would give. */
  events: number;
  users_examined: number;
  /** Whether these are all users. */
  complete: boolean;
  /** The first of those who would change, as they would be. */
  sample: {
    id: string;
    email: string | null;
    roles: RoleReference[];
    custom_attributes: Record<string, unknown>;
    previous_attributes: Record<string, unknown>;
  }[];
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
  /** Attempts per second; null = no limit. */
  rate_limit: number | null;
  enabled: boolean;
  /** Why the server disabled it: `gone` (it answered 410) or `failing`. */
  disabled_reason: string | null;
  health: WebhookEndpointHealth;
  /** The secrets that sign now, newest first; `expire_time` null = the current one. */
  secrets: { create_time: string; expire_time: string | null }[];
  create_time: string;
  update_time: string;
}

/** How the deliveries of an endpoint fare; enabling it starts this anew. */
export interface WebhookEndpointHealth {
  consecutive_failures: number;
  /** Null when the last attempt succeeded. */
  failing_since: string | null;
  /** While the circuit is open: when the next probe goes out; everything else waits. */
  circuit_open_until: string | null;
  /** The last warning, in percent of the five days after which it is disabled: 0, 50, 75 or 90. */
  warned_percent: number;
  /** Counted up to 10,000. */
  pending_deliveries: number;
}

export interface WebhookEndpointInput {
  url: string;
  description?: string;
  event_types?: readonly string[];
  organization_ids?: readonly string[];
  ordering?: WebhookOrdering;
  /** Attempts per second, 1 to 1000; null = no limit. */
  rate_limit?: number | null;
  enabled?: boolean;
}

/** The only answers that carry the secret: creating the endpoint and rotating it. */
export interface WebhookEndpointWithSecret {
  webhook_endpoint: WebhookEndpoint;
  secret: string;
}

export type WebhookDeliveryState = 'pending' | 'succeeded' | 'failed' | 'canceled';

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  id: string;
  webhook_endpoint_id: string;
  event_id: string;
  event_type: string;
  /** Null when the event concerns no directory. */
  directory_id: string | null;
  /** Null when the event has no number in a directory's log. */
  sequence: number | null;
  state: WebhookDeliveryState;
  /** Attempts made. */
  attempt: number;
  first_attempt_time: string | null;
  /** null unless pending. */
  next_attempt_time: string | null;
  finish_time: string | null;
  last_status: number | null;
  last_error: string | null;
  /** An example event that `webhookEndpoints.test` sent. */
  test: boolean;
  /** The replay that sends it; null when it is sent because it happened. */
  replay_id: string | null;
  /** First attempt first. */
  attempts: WebhookDeliveryAttempt[];
}

export interface WebhookDeliveryAttempt {
  /** From 1. */
  attempt: number;
  start_time: string;
  /** null when no answer came; then `error` says why. */
  status: number | null;
  error: string | null;
  /** Milliseconds by phase of the request. */
  phases: Record<string, number | null>;
  response_headers: Record<string, string>;
  /** The beginning of the answer. */
  response_body: string;
}

/** Which deliveries; absent = all. */
export interface WebhookDeliveryQuery {
  page_size?: number;
  state?: WebhookDeliveryState;
  event_id?: string;
  replay_id?: string;
}

/** Events sent again to one endpoint. */
export interface WebhookReplay {
  id: string;
  webhook_endpoint_id: string;
  /** `finished`: every delivery is over, whether it arrived or failed. */
  state: 'running' | 'paused' | 'finished' | 'canceled';
  /** Events in the range that the endpoint gets. */
  total: number;
  /** Those whose delivery is over: delivered, failed for good or canceled. */
  done: number;
  /** Those of `done` that were not delivered after all attempts. */
  failed: number;
  /** null: all directories. */
  directory_id: string | null;
  from_sequence: number | null;
  to_sequence: number | null;
  from_time: string | null;
  to_time: string | null;
  /** Empty: all that the endpoint gets. */
  types: string[];
  failed_only: boolean;
  /** The first event of the directory that was kept when the replay was made; null without `directory_id`. */
  oldest_sequence: number | null;
  /** The range begins before what is kept: only what is left of it is sent. */
  events_expired: boolean;
  create_time: string;
  finish_time: string | null;
}

/** What a replay would send. */
export interface WebhookReplayPreview extends Omit<WebhookReplay, 'id' | 'state'> {
  id: null;
  state: 'dry_run';
}

/** Which events to send again; every bound is inclusive, absent = no limit. */
export interface WebhookReplayInput {
  from_time?: string;
  to_time?: string;
  directory_id?: string;
  /** Only with `directory_id`, as `to_sequence`. */
  from_sequence?: number;
  to_sequence?: number;
  types?: readonly string[];
  /** Only events whose delivery to the endpoint has failed for good: those deliveries get one more attempt each. */
  failed_only?: boolean;
  /** Only count them: a `WebhookReplayPreview` is answered, and nothing is sent. */
  dry_run?: boolean;
}
