import type { WebhookDeliveryData, WebhookEndpointData } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { WebhookEndpoint } from '@rollcall/database';
import type { DeliveryRow } from './read-deliveries';

/** An endpoint as its owner and operational events see it: never a secret. */
export function describeEndpoint(endpoint: WebhookEndpoint): WebhookEndpointData {
  return {
    id: publicId('whe', endpoint.id),
    url: endpoint.url,
    description: endpoint.description,
    event_types: endpoint.eventTypes,
    organization_ids: endpoint.organizationIds.map((id) => publicId('org', id)),
    ordering: endpoint.ordering,
    rate_limit: endpoint.rateLimit,
    dialect: endpoint.dialect,
    deactivation: endpoint.deactivation,
    enabled: endpoint.enabled,
    disabled_reason: endpoint.disabledReason,
    create_time: endpoint.createTime.toISOString(),
    update_time: endpoint.updateTime.toISOString(),
  };
}

/** A delivery as its owner and operational events see it, without the receiver's answers. */
export function describeDelivery(row: DeliveryRow): WebhookDeliveryData {
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
