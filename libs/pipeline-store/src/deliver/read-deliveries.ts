import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '@rollcall/contract';
import { runStatement } from '@rollcall/database';
import type { EndpointKey } from './endpoint-key';

/** One attempt to deliver, as it ended. */
export interface DeliveryAttemptRow {
  delivery_id: string;
  attempt: number;
  start_time: Date;
  status: number | null;
  error: string | null;
  /** Milliseconds by phase. */
  phases: Record<string, number | null>;
  /** Empty when nothing was sent, or when an earlier version sent it. */
  request_headers: Record<string, string>;
  response_headers: Record<string, string>;
  response_body: string;
}

/** One event on its way to one endpoint; ids are bare. */
export interface DeliveryRow {
  id: string;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  /** Empty when the event concerns no directory. */
  directory_id: string;
  sequence: string | null;
  state: DeliveryState;
  attempt: number;
  first_attempt_time: Date | null;
  next_attempt_time: Date;
  finish_time: Date | null;
  last_status: number | null;
  last_error: string | null;
  /** Bare id of the replay that sends it; null = as it happened. */
  replay_id: string | null;
  /** An example event that the owner asked for. */
  test: boolean;
}

/** What pages and APIs show of a delivery. */
export interface DeliveryView extends DeliveryRow {
  /** First attempt first. */
  attempts: DeliveryAttemptRow[];
}

/** The columns of a DeliveryRow, of deliveries d. */
export const DELIVERY_COLUMNS = `d.id, d.directory_id, d.endpoint_id, d.event_id, d.event_type, d.sequence, d.state, d.attempt,
  d.first_attempt_time, d.next_attempt_time, d.finish_time, d.last_status, d.last_error, d.replay_id, d.test`;

/** The named deliveries of an endpoint, oldest first. `is_fresh`: it came to its end in this transaction. */
export async function readDeliveries(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  deliveries: readonly { directoryId: string; deliveryId: string }[],
): Promise<(DeliveryRow & { is_fresh: boolean })[]> {
  if (deliveries.length === 0) return [];
  return manager.query(
    `SELECT ${DELIVERY_COLUMNS}, coalesce(d.finish_time = now(), false) AS is_fresh
     FROM unnest($3::text[], $4::text[]) AS f (directory_id, id)
     JOIN deliveries d ON d.environment_id = $1 AND d.endpoint_id = $2 AND d.directory_id = f.directory_id AND d.id = f.id
     ORDER BY d.id`,
    [environmentId, endpointId, deliveries.map((row) => row.directoryId), deliveries.map((row) => row.deliveryId)],
  );
}

/** Completes deliveries of one environment with their attempts, first attempt first. */
export async function addAttempts(
  manager: EntityManager,
  environmentId: string,
  deliveries: readonly DeliveryRow[],
): Promise<DeliveryView[]> {
  const { rows } = await runStatement<DeliveryAttemptRow>(
    manager,
    `SELECT a.delivery_id, a.attempt, a.start_time, a.status, a.error, a.phases, a.request_headers, a.response_headers,
       a.response_body
     FROM delivery_attempts a
     WHERE a.environment_id = $1 AND a.directory_id = ANY ($2) AND a.delivery_id = ANY ($3) ORDER BY a.delivery_id, a.attempt`,
    [environmentId, [...new Set(deliveries.map((row) => row.directory_id))], deliveries.map(({ id }) => id)],
  );
  const attempts = new Map<string, DeliveryAttemptRow[]>(deliveries.map(({ id }) => [id, []]));
  for (const row of rows) attempts.get(row.delivery_id)?.push(row);
  return deliveries.map((delivery) => ({ ...delivery, attempts: attempts.get(delivery.id) ?? [] }));
}
