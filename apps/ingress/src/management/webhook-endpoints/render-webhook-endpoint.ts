import type { DeliveryAttemptRow, DeliveryRow, WebhookEndpointView } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import type { DeliveryItem } from './delivery.dto';
import type { WebhookEndpointItem } from './webhook-endpoint.dto';

/** An endpoint as the management API shows it: never a secret. */
export function renderWebhookEndpoint({
  endpoint,
  secrets,
  health,
  pendingDeliveries,
}: WebhookEndpointView): WebhookEndpointItem {
  return {
    id: publicId('whe', endpoint.id),
    url: endpoint.url,
    description: endpoint.description,
    event_types: endpoint.eventTypes,
    organization_ids: endpoint.organizationIds.map((id) => publicId('org', id)),
    ordering: endpoint.ordering,
    rate_limit: endpoint.rateLimit,
    enabled: endpoint.enabled,
    disabled_reason: endpoint.disabledReason,
    health: {
      consecutive_failures: health.consecutiveFailures,
      failing_since: toTime(health.failingSince),
      circuit_open_until: toTime(health.coolingUntil),
      warned_percent: health.warnedPercent,
      pending_deliveries: pendingDeliveries,
    },
    secrets: secrets.map(({ createTime, expireTime }) => ({
      create_time: createTime.toISOString(),
      expire_time: expireTime?.toISOString() ?? null,
    })),
    create_time: endpoint.createTime.toISOString(),
    update_time: endpoint.updateTime.toISOString(),
  };
}

function toTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** A delivery with its attempts. */
export function renderDelivery(row: DeliveryRow): DeliveryItem {
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
    next_attempt_time: row.state === 'pending' ? row.next_attempt_time.toISOString() : null,
    finish_time: row.finish_time?.toISOString() ?? null,
    last_status: row.last_status,
    last_error: row.last_error,
    replay_id: row.replay_id === null ? null : publicId('rpl', row.replay_id),
    test: row.test,
    attempts: row.attempts.map(renderAttempt),
  };
}

function renderAttempt({
  attempt,
  start_time,
  status,
  error,
  phases,
  response_headers,
  response_body,
}: DeliveryAttemptRow) {
  return { attempt, start_time: start_time.toISOString(), status, error, phases, response_headers, response_body };
}
