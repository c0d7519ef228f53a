import type { EventType, OperationalEventType } from '@rollcall/contract';
import type { components } from './generated/api';

// The objects of the management API about webhook endpoints, as api-types.ts has the others.

type Schemas = components['schemas'];

/** Where events are sent. */
export type WebhookEndpoint = Schemas['WebhookEndpointItem'];
export type WebhookOrdering = WebhookEndpoint['ordering'];

/** How the deliveries of an endpoint fare; enabling it starts this anew. */
export type WebhookEndpointHealth = Schemas['EndpointHealthItem'];

/** An event without its data. */
export type EventSummary = Schemas['EventSummaryItem'];

export interface WebhookEndpointInput {
  url: string;
  description?: string;
  /** Absent or empty: every type but the operational ones. */
  event_types?: readonly (EventType | OperationalEventType)[];
  /** Absent or empty: every organization. */
  organization_ids?: readonly string[];
  ordering?: WebhookOrdering;
  /** Attempts per second, 1 to 1000; null = no limit. */
  rate_limit?: number | null;
  /** In whose form events are sent, which the functions of this package that verify do not read; null = as they are stored. */
  dialect?: WebhookEndpoint['dialect'];
  /** How the dialect tells a deactivation; null = `delete`. */
  deactivation?: WebhookEndpoint['deactivation'];
  enabled?: boolean;
}

/** The only answers that carry the secret: creating the endpoint and rotating it. */
export type WebhookEndpointWithSecret = Schemas['WebhookEndpointSecretAnswer'];

/** One event on its way to one endpoint. */
export type WebhookDelivery = Schemas['DeliveryItem'];
export type WebhookDeliveryAttempt = Schemas['DeliveryAttemptItem'];
export type WebhookDeliveryState = WebhookDelivery['state'];

/** Which deliveries; absent = all. */
export interface WebhookDeliveryQuery {
  page_size?: number;
  state?: WebhookDeliveryState;
  event_type?: EventType | OperationalEventType;
  organization_id?: string;
  event_id?: string;
  replay_id?: string;
}

/** Events sent again to one endpoint. */
export interface WebhookReplay extends Omit<Schemas['ReplayItem'], 'id' | 'state'> {
  id: string;
  /** `finished`: every delivery is over, whether it arrived or failed. */
  state: Exclude<Schemas['ReplayItem']['state'], 'dry_run'>;
}

/** What a replay would send. */
export interface WebhookReplayPreview extends Omit<Schemas['ReplayItem'], 'id' | 'state'> {
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
  types?: readonly EventType[];
  /** Only events whose delivery to the endpoint has failed for good: those deliveries get one more attempt each. */
  failed_only?: boolean;
  /** Only count them: a `WebhookReplayPreview` is answered, and nothing is sent. */
  dry_run?: boolean;
}
