import type { UserData } from '../events/event-data';
import type { AttributeMapping, RoleAssignment, RulesJob } from './role-types';
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
