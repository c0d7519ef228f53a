import type { EventObject, EventType, OperationalEventObject, OperationalEventType } from './event-catalogue';

/** An e-mail address of a user, as its identity provider sent it (RFC 7643 §4.1.2). */
export interface EmailData {
  value: string;
  type: string | null;
  primary: boolean;
}

/** A postal address; `state` repeats `region` for consumers that know it by that name. */
export interface AddressData {
  formatted: string | null;
  street_address: string | null;
  locality: string | null;
  region: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
}

/** A user's manager: `value` as sent, `id` the directory user it names when it has the form of a SCIM id. */
export interface ManagerData {
  id: string | null;
  value: string | null;
  display_name: string | null;
}

/** A group as a user's `groups` lists it. */
export interface GroupReference {
  id: string;
  name: string | null;
}

/** A role as a user's `roles` lists it. */
export interface RoleReference {
  role_name: string;
}

/** `data` of a `DirectoryUser` event: the whole normalized user, every key always present. */
export interface UserData {
  id: string;
  organization_id: string;
  directory_id: string;
  dp_id: string | null;
  preferred_username: string | null;
  email: string | null;
  emails: EmailData[];
  active: boolean;
  name: string | null;
  given_name: string | null;
  family_name: string | null;
  nickname: string | null;
  picture: string | null;
  phone_number: string | null;
  address: AddressData | null;
  title: string | null;
  user_type: string | null;
  department: string | null;
  division: string | null;
  cost_center: string | null;
  employee_id: string | null;
  organization: string | null;
  manager: ManagerData | null;
  profile: string | null;
  language: string | null;
  locale: string | null;
  zoneinfo: string | null;
  groups: GroupReference[];
  roles: RoleReference[];
  custom_attributes: Record<string, unknown>;
  raw_attributes: Record<string, unknown>;
}

/** `data` of a `DirectoryGroup` event except `group_members_changed`: the whole normalized group, its members left out. */
export interface GroupData {
  id: string;
  organization_id: string;
  directory_id: string;
  dp_id: string | null;
  external_id: string | null;
  display_name: string | null;
  total_users: number;
  raw_attributes: Record<string, unknown>;
}

/** A user as `group_members_changed` names it. */
export interface MemberReference {
  id: string;
  email: string | null;
  dp_id: string | null;
}

/** `data` of `group_members_changed`: the group after the change and who came and went, 500 in all at most. */
export interface GroupMembersChangedData {
  group: GroupData;
  added: MemberReference[];
  removed: MemberReference[];
}

/** How far the connection of a directory has come. */
export type DirectoryStatus = 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';

/** `data` of a `Directory` event. */
export interface DirectoryData {
  id: string;
  organization_id: string;
  name: string;
  directory_type: string;
  directory_provider: string;
  provider: string;
  enabled: boolean;
  status: DirectoryStatus;
  updated_at: string;
}

/** A webhook endpoint as operational events describe it: never a secret. */
export interface WebhookEndpointData {
  id: string;
  url: string;
  description: string;
  event_types: string[];
  organization_ids: string[];
  ordering: string;
  rate_limit: number | null;
  enabled: boolean;
  disabled_reason: string | null;
  create_time: string;
  update_time: string;
}

/** `data` of `endpoint.failing`: every attempt has failed for `percent` of the time after which the endpoint is disabled. */
export interface EndpointFailingData extends WebhookEndpointData {
  percent: 50 | 75 | 90;
  failing_since: string;
  /** When it will be disabled unless an attempt succeeds. */
  disable_time: string;
  /** Counted up to 10,000. */
  pending_deliveries: number;
}

/** Why Rollcall disabled an endpoint: it answered 410, or every attempt had failed for five days. */
export type EndpointDisabledReason = 'gone' | 'failing';

/** `data` of `endpoint.disabled`. */
export interface EndpointDisabledData extends WebhookEndpointData {
  reason: EndpointDisabledReason;
  failing_since: string | null;
  /** Counted up to 10,000; they wait until the endpoint is enabled again. */
  pending_deliveries: number;
}

/** A delivery as operational events describe it. */
export interface WebhookDeliveryData {
  id: string;
  webhook_endpoint_id: string;
  event_id: string;
  event_type: string;
  directory_id: string | null;
  sequence: number | null;
  state: string;
  /** Attempts made. */
  attempt: number;
  first_attempt_time: string | null;
  finish_time: string | null;
  last_status: number | null;
  last_error: string | null;
}

/** `data` of `delivery.exhausted`: the delivery that will not be tried again by itself. */
export interface DeliveryExhaustedData extends WebhookDeliveryData {
  /** Deliveries of this endpoint that came to this since the last such event, this one included. */
  exhausted_deliveries: number;
}

/** `data` of `delivery.recovered`: the delivery that succeeded. */
export interface DeliveryRecoveredData extends WebhookDeliveryData {
  failing_since: string;
  /** Counted up to 10,000. */
  pending_deliveries: number;
}

/** `data` of `secret.expiring`: a directory's bearer token, never the token itself. */
export interface SecretExpiringData {
  id: string;
  organization_id: string;
  directory_id: string;
  secret_suffix: string;
  expire_time: string;
  /** The warning this is: that many days or fewer are left. */
  days: number;
}

/** `data` of `replay.finished`: the replay as it ended. Absent limits are null. */
export interface ReplayData {
  /** Null for one that was only counted. */
  id: string | null;
  webhook_endpoint_id: string;
  state: string;
  /** Deliveries it consists of, made so far, and given up. */
  total: number;
  done: number;
  failed: number;
  directory_id: string | null;
  from_sequence: number | null;
  to_sequence: number | null;
  from_time: string | null;
  to_time: string | null;
  types: string[];
  failed_only: boolean;
  oldest_sequence: number | null;
  events_expired: boolean;
  create_time: string;
  finish_time: string | null;
}

/** `data` of `directory.deprovisioning_held`: the directory, and what its guard holds back until the owner decides. */
export interface DeprovisioningHeldData extends Omit<DirectoryData, 'status' | 'updated_at'> {
  total_users: number;
  held_users: number;
  held_since: string;
  deprovision_guard: { max_users: number | null; max_percent: number | null; window_seconds: number };
}

/** `data` of each type. */
export interface EventDataByType {
  'organization.directory_created': DirectoryData;
  'organization.directory_enabled': DirectoryData;
  'organization.directory_disabled': DirectoryData;
  'organization.directory_deleted': DirectoryData;
  'organization.directory.user_created': UserData;
  'organization.directory.user_updated': UserData;
  'organization.directory.user_deleted': UserData;
  'organization.directory.group_created': GroupData;
  'organization.directory.group_updated': GroupData;
  'organization.directory.group_deleted': GroupData;
  'organization.directory.group_members_changed': GroupMembersChangedData;
  'endpoint.failing': EndpointFailingData;
  'endpoint.disabled': EndpointDisabledData;
  'delivery.exhausted': DeliveryExhaustedData;
  'delivery.recovered': DeliveryRecoveredData;
  'secret.expiring': SecretExpiringData;
  'replay.finished': ReplayData;
  'directory.deprovisioning_held': DeprovisioningHeldData;
}

/** Old values of the top-level keys that changed; `custom_attributes` by key; null for what was absent. */
export type PreviousAttributes = Record<string, unknown>;

/**
 * The envelope of every event, by webhook and by pull alike. Where the body would be larger than `EVENT_SIZE_LIMIT`,
 * `raw_attributes` in `data` (or in its `group`) is null and `raw_attributes_omitted: true` stands beside it.
 */
export interface EventEnvelope<Data extends object = object> {
  spec_version: '1';
  id: string;
  type: EventType | OperationalEventType;
  object: EventObject | OperationalEventObject;
  environment_id: string;
  organization_id: string | null;
  directory_id: string | null;
  /** The place in the directory's stream, from 1 without gap; null on operational and test events. */
  sequence: number | null;
  occurred_at: string;
  /** Only on an example that the owner of a webhook endpoint asked for. */
  test?: true;
  data: Data;
  /** Only on `user_updated` and `group_updated`. */
  previous_attributes?: PreviousAttributes;
}
