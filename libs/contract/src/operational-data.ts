import type { DirectoryData } from './directory-data';
import type { Deactivation, DeliveryState, Dialect, Ordering, ReplayState, WarningPercent } from './statuses';

/** A webhook endpoint as operational events describe it: never a secret. */
export interface WebhookEndpointData {
  id: string;
  url: string;
  description: string;
  event_types: string[];
  organization_ids: string[];
  ordering: Ordering;
  rate_limit: number | null;
  dialect: Dialect | null;
  deactivation: Deactivation | null;
  enabled: boolean;
  disabled_reason: string | null;
  create_time: string;
  update_time: string;
}

/** `data` of `endpoint.failing`: every attempt has failed for `percent` of the time after which the endpoint is disabled. */
export interface EndpointFailingData extends WebhookEndpointData {
  percent: WarningPercent;
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
  state: DeliveryState;
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
  /** What people call it; null: nothing. */
  name: string | null;
  expire_time: string;
  /** The warning this is: that many days or fewer are left. */
  days: number;
}

/** `data` of `replay.finished`: the replay as it ended. Absent limits are null. */
export interface ReplayData {
  /** Null for one that was only counted. */
  id: string | null;
  webhook_endpoint_id: string;
  state: ReplayState | 'dry_run';
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
export interface DeprovisioningHeldData extends Omit<DirectoryData, 'status' | 'updated_at' | 'external_ids'> {
  total_users: number;
  held_users: number;
  held_since: string;
  deprovision_guard: { max_users: number | null; max_percent: number | null; window_seconds: number };
}
