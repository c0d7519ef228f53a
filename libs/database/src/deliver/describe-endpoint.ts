import type { WebhookDeliveryData, WebhookEndpointData } from '@rollcall/events';
import { publicId } from '@rollcall/platform';

/** The columns of an endpoint that an operational event shows. */
export interface DescribedEndpointRow {
  id: string;
  url: string;
  description: string;
  event_types: string[];
  organization_ids: string[];
  ordering: string;
  rate_limit: number | null;
  enabled: boolean;
  disabled_reason: string | null;
  create_time: Date;
  update_time: Date;
}

/** The columns of a delivery that an operational event shows. */
export interface DescribedDeliveryRow {
  id: string;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  /** Empty when the event concerns no directory. */
  directory_id: string;
  sequence: string | null;
  state: string;
  attempt: number;
  first_attempt_time: Date | null;
  finish_time: Date | null;
  last_status: number | null;
  last_error: string | null;
}

/** An endpoint as operational events tell of it: never a secret. */
export function describeEndpoint(row: DescribedEndpointRow): WebhookEndpointData {
  return {
    id: publicId('whe', row.id),
    url: row.url,
    description: row.description,
    event_types: row.event_types,
    organization_ids: row.organization_ids.map((id) => publicId('org', id)),
    ordering: row.ordering,
    rate_limit: row.rate_limit,
    enabled: row.enabled,
    disabled_reason: row.disabled_reason,
    create_time: row.create_time.toISOString(),
    update_time: row.update_time.toISOString(),
  };
}

/** A delivery as operational events tell of it, without the receiver's answers. */
export function describeDelivery(row: DescribedDeliveryRow): WebhookDeliveryData {
  return {
    id: publicId('dlv', row.id),
    webhook_endpoint_id: publicId('whe', row.endpoint_id),
    event_id: publicId('evt', row.event_id),
    event_type: row.event_type,
    directory_id: row.directory_id === '' ? null : publicId('dir', row.directory_id),
    sequence: row.sequence === null ? null : Number(row.sequence),
    state: row.state,
    attempt: row.attempt,
    first_attempt_time: row.first_attempt_time?.toISOString() ?? null,
    finish_time: row.finish_time?.toISOString() ?? null,
    last_status: row.last_status,
    last_error: row.last_error,
  };
}
