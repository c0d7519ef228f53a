import type { EntityManager } from 'typeorm';
import type { DeliveryError } from '@rollcall/contract';
import type { EndpointKey } from './endpoint-key';

/** What becomes of a delivery after an attempt. */
export type DeliveryFate =
  | { state: 'succeeded' | 'failed' }
  | { state: 'pending'; delayMs: number }
  /** What was sent of it was accepted, and the rest, which did not fit into one lease, follows at once. */
  | { state: 'pending'; delayMs: 0; accepted: true }
  /** The attempt was ours to abort: the lease goes back, nothing is counted. */
  | { state: 'released' };

/** One attempt as it ended. */
export interface FinishedDelivery {
  directoryId: string;
  deliveryId: string;
  attempt: number;
  startTime: Date;
  status: number | null;
  /** Why it failed: never a body or an address. */
  error: DeliveryError | null;
  /** Milliseconds by phase; null for one that did not happen. */
  phases: Record<string, number | null>;
  /** Requests that were made of the event before the one that is told of here; absent: none. */
  further?: number;
  /** As they were sent; empty when nothing could be. */
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string;
  fate: DeliveryFate;
  /** The receiver answered 410 Gone. */
  endpointGone: boolean;
  /** A test that the owner asked for: it says nothing about the endpoint's health. */
  test: boolean;
}

/** Whether the receiver has accepted what the attempt has sent. */
export function isAccepted(fate: DeliveryFate): boolean {
  return fate.state === 'succeeded' || 'accepted' in fate;
}

/** Whether the attempt ended well without a request: the dialect of the endpoint has nothing for the event. */
export function isUnsent({ fate, status }: Pick<FinishedDelivery, 'fate' | 'status'>): boolean {
  return fate.state === 'succeeded' && status === null;
}

/** Whether an attempt says something about the endpoint: no test, and nothing that we aborted ourselves or for which nothing was sent. */
export function isCounted(finished: Pick<FinishedDelivery, 'fate' | 'status' | 'test'>): boolean {
  return finished.fate.state !== 'released' && !finished.test && !isUnsent(finished);
}

/**
 * Writes finished attempts and moves their deliveries on. A result that comes after the lease was given to another worker
 * changes nothing, but a success counts whenever it comes, also after its delivery was given up.
 */
export async function recordAttempts(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  finished: readonly FinishedDelivery[],
): Promise<void> {
  if (finished.length === 0) return;
  await manager.query('SELECT record_attempts($1, $2, $3)', [environmentId, endpointId, renderAttempts(finished)]);
}

/** Finished attempts as the SQL function `record_attempts` takes them. */
export function renderAttempts(finished: readonly FinishedDelivery[]): string {
  return JSON.stringify(
    finished.map((row) => ({
      directory_id: row.directoryId,
      id: row.deliveryId,
      attempt: row.attempt,
      state: row.fate.state,
      delay_ms: row.fate.state === 'pending' ? row.fate.delayMs : 0,
      start_time: row.startTime,
      status: row.status,
      error: row.error,
      phases: row.phases,
      request_headers: row.requestHeaders,
      response_headers: row.responseHeaders,
      // PostgreSQL text cannot hold NUL, which a receiver may send.
      response_body: row.responseBody.replaceAll('\0', ''),
    })),
  );
}
