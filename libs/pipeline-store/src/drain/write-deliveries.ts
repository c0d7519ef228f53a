import type { EntityManager } from 'typeorm';
import { prepared } from '@rollcall/database';
import { CLAIM_RULES } from '@rollcall/webhooks';
import type { ClaimedDelivery } from '../deliver/claim-deliveries';
import type { ClaimedEndpoint, ExchangeMemory } from '../deliver/exchange-deliveries';
import type { BatchTenant, NewDelivery } from './write-batch';

/** Deliveries that were leased to the caller when they were made: as an exchange would have leased them. */
export interface LeasedDeliveries {
  endpointId: string;
  endpoint: ClaimedEndpoint;
  claimed: ClaimedDelivery[];
  /** When they were asked for, by `performance.now()`: the leases are not older. */
  leasedAt: number;
  memory: ExchangeMemory;
}

interface IdleRow {
  endpoint_id: string;
  url: string;
  sealed_secrets: string[];
  health: string;
}

/**
 * Makes the deliveries of a batch. Those of the endpoints `atOnce` are leased to the caller, each endpoint's or none of them: only
 * where nothing is pending and nothing in the way, so that they go before nobody.
 */
export async function writeDeliveries(
  manager: EntityManager,
  { environmentId, directoryId }: BatchTenant,
  deliveries: readonly NewDelivery[],
  atOnce: readonly string[],
): Promise<LeasedDeliveries[]> {
  if (deliveries.length === 0) return [];
  const leasedAt = performance.now();
  const idle = await manager.query<IdleRow[]>(ADD_DELIVERIES, [
    environmentId,
    directoryId,
    deliveries.map(({ id }) => id),
    deliveries.map(({ endpointId }) => endpointId),
    deliveries.map(({ event }) => event.id),
    deliveries.map(({ event }) => event.type),
    deliveries.map(({ event }) => event.sequence),
    deliveries.map(({ event }) => event.resourceId),
    atOnce,
    CLAIM_RULES.leaseMs,
  ]);
  return idle.map((row) => ({
    endpointId: row.endpoint_id,
    // A dialect and a rate limit are gates, and this endpoint has none.
    endpoint: { url: row.url, sealedSecrets: row.sealed_secrets, dialect: null, rateLimit: null },
    claimed: deliveries
      .filter(({ endpointId }) => endpointId === row.endpoint_id)
      .map(({ id, event }) => ({
        directoryId,
        id,
        eventId: event.id,
        attempt: 1,
        body: event.body,
        replayId: null,
        test: false,
      })),
    leasedAt,
    memory: { health: row.health, directoryId },
  }));
}

const ADD_DELIVERIES = prepared('SELECT * FROM add_deliveries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)');
