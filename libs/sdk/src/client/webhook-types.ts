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
