import type { EntityManager } from 'typeorm';
import { isOperationalEventType } from '@rollcall/contract';
import type {
  DeliveryExhaustedData,
  DeliveryRecoveredData,
  EndpointDisabledData,
  EndpointDisabledReason,
  EndpointFailingData,
  EventDataByType,
  OperationalEventType,
  WebhookEndpointData,
} from '@rollcall/contract';
import { DISABLE_AFTER_MS, readHealth } from '@rollcall/webhooks';
import type { HealthSignal } from '@rollcall/webhooks';
import { WebhookEndpoint, WebhookEndpointHealth } from '@rollcall/database';
import { countPendingDeliveries } from './count-pending-deliveries';
import { describeDelivery, describeEndpoint } from './describe-endpoint';
import type { EndpointKey } from './endpoint-key';
import { readDeliveries } from './read-deliveries';
import type { DeliveryRow } from './read-deliveries';
import type { FinishedDelivery } from './record-attempts';
import { writeOperationalEvent } from './write-operational-event';

/** `delivery.exhausted` is announced once in this time for each endpoint, with the number of deliveries it stands for. */
const EXHAUSTED_EVERY = `interval '10 minutes'`;

/** What an exchange changed at an endpoint. */
export interface EndpointOutcome {
  /** Attempts that count, already recorded. */
  finished: readonly FinishedDelivery[];
  signals: readonly HealthSignal[];
  /** Why the endpoint has just been disabled; null = it was not. */
  disabled: EndpointDisabledReason | null;
}

/**
 * Writes the operational events about an endpoint, in the transaction that stores it. However many deliveries fail,
 * what is written is bounded: warnings and disabling come once in a run of failures, a recovery once for each opened breaker
 * (which stays open for a minute), `delivery.exhausted` at most every ten minutes, and none for a delivery that is itself of
 * an operational event. Returns the ids of the endpoints that have something to deliver.
 */
export async function announceEndpointHealth(
  manager: EntityManager,
  key: EndpointKey,
  { finished, signals, disabled }: EndpointOutcome,
): Promise<string[]> {
  const notified = new Set<string>();
  const announce = async <Type extends OperationalEventType>(
    type: Type,
    subjectId: string,
    data: EventDataByType[Type],
  ) => {
    const { environmentId } = key;
    const event = {
      environmentId,
      organizationId: null,
      directoryId: null,
      type,
      subjectId,
      occurredAt: new Date(),
      data,
    };
    for (const endpointId of await writeOperationalEvent(manager, event)) notified.add(endpointId);
  };
  const failing = signals.findLast((signal) => signal.kind === 'failing');
  if (failing) await announce('endpoint.failing', key.endpointId, await failingData(manager, key, failing.percent));
  if (disabled) await announce('endpoint.disabled', key.endpointId, await disabledData(manager, key, disabled));
  const recovered = signals.find((signal) => signal.kind === 'recovered');
  if (recovered) {
    const delivery = await findDelivered(manager, key, finished);
    if (delivery)
      await announce('delivery.recovered', delivery.id, await recoveredData(manager, key, delivery, recovered));
  }
  const exhausted = await findExhausted(manager, key, finished);
  if (exhausted) await announce('delivery.exhausted', exhausted.id, exhausted.data);
  return [...notified];
}

async function failingData(
  manager: EntityManager,
  key: EndpointKey,
  percent: EndpointFailingData['percent'],
): Promise<EndpointFailingData> {
  const { endpoint, failingSince } = await readEndpoint(manager, key);
  const since = failingSince ?? new Date();
  return {
    ...endpoint,
    percent,
    failing_since: since.toISOString(),
    disable_time: new Date(since.getTime() + DISABLE_AFTER_MS).toISOString(),
    pending_deliveries: await countPendingDeliveries(manager, key),
  };
}

async function disabledData(
  manager: EntityManager,
  key: EndpointKey,
  reason: EndpointDisabledReason,
): Promise<EndpointDisabledData> {
  const { endpoint, failingSince } = await readEndpoint(manager, key);
  return {
    ...endpoint,
    reason,
    failing_since: failingSince?.toISOString() ?? null,
    pending_deliveries: await countPendingDeliveries(manager, key),
  };
}

async function recoveredData(
  manager: EntityManager,
  key: EndpointKey,
  delivery: DeliveryRow,
  { failingSince }: { failingSince: Date },
): Promise<DeliveryRecoveredData> {
  return {
    ...describeDelivery(delivery),
    failing_since: failingSince.toISOString(),
    pending_deliveries: await countPendingDeliveries(manager, key),
  };
}

async function readEndpoint(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
): Promise<{ endpoint: WebhookEndpointData; failingSince: Date | null }> {
  const endpoint = await manager.findOneByOrFail(WebhookEndpoint, { environmentId, id: endpointId });
  const { health } = await manager.findOneByOrFail(WebhookEndpointHealth, { environmentId, endpointId });
  const { failingSince } = readHealth(health);
  return { endpoint: describeEndpoint(endpoint), failingSince: failingSince === null ? null : new Date(failingSince) };
}

/** The first of the attempts that succeeded; of a delivery that retention has dropped meanwhile there is nothing to tell. */
async function findDelivered(
  manager: EntityManager,
  key: EndpointKey,
  finished: readonly FinishedDelivery[],
): Promise<DeliveryRow | undefined> {
  const succeeded = finished.filter(({ fate }) => fate.state === 'succeeded');
  const [delivery] = await readDeliveries(manager, key, succeeded);
  return delivery;
}

/** The deliveries that this transaction has given up, counted; null while they are only to be counted. */
async function findExhausted(
  manager: EntityManager,
  key: EndpointKey,
  finished: readonly FinishedDelivery[],
): Promise<{ id: string; data: DeliveryExhaustedData } | null> {
  const failed = finished.filter(({ fate }) => fate.state === 'failed');
  const deliveries = (await readDeliveries(manager, key, failed)).filter(
    (row) => row.state === 'failed' && row.is_fresh && !isOperationalEventType(row.event_type),
  );
  const [delivery] = deliveries;
  if (!delivery) return null;
  const ids = [key.environmentId, key.endpointId];
  const [account] = await manager.query<{ unannounced: number; due: boolean }[]>(
    `SELECT exhausted_untold AS unannounced, coalesce(exhausted_told_time <= now() - ${EXHAUSTED_EVERY}, true) AS due
     FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2`,
    ids,
  );
  const exhausted = (account?.unannounced ?? 0) + deliveries.length;
  await manager.query(
    `UPDATE webhook_endpoint_health SET exhausted_untold = $3, exhausted_told_time = CASE WHEN $4 THEN now() ELSE exhausted_told_time END
     WHERE environment_id = $1 AND endpoint_id = $2`,
    [...ids, account?.due ? 0 : exhausted, account?.due ?? false],
  );
  return account?.due
    ? { id: delivery.id, data: { ...describeDelivery(delivery), exhausted_deliveries: exhausted } }
    : null;
}
