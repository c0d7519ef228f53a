import { publicId } from '@rollcall/platform';
import { describeDelivery, describeEndpoint } from '@rollcall/pipeline-store';
import type { DeliveryAttemptRow, DeliveryView } from '@rollcall/pipeline-store';
import type { WebhookEndpointView } from '@rollcall/management';
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
    ...describeEndpoint(endpoint),
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
  };
}

function toTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** A delivery with its attempts: what operational events say about it, and what only its owner sees. */
export function renderDelivery(row: DeliveryView): DeliveryItem {
  return {
    ...describeDelivery(row),
    next_attempt_time: row.state === 'pending' ? row.next_attempt_time.toISOString() : null,
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
  request_headers,
  response_headers,
  response_body,
}: DeliveryAttemptRow) {
  const answer = { response_headers, response_body };
  return { attempt, start_time: start_time.toISOString(), status, error, phases, request_headers, ...answer };
}
