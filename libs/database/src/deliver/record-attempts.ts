import type { EntityManager } from 'typeorm';
import type { EndpointKey } from './endpoint-key';

/** What becomes of a delivery after an attempt. */
export type DeliveryFate =
  | { state: 'succeeded' | 'failed' }
  | { state: 'pending'; delayMs: number }
  /** The attempt was ours to abort: the lease goes back, nothing is counted. */
  | { state: 'released' };

/** One attempt as it ended. */
export interface FinishedDelivery {
  directoryId: string;
  deliveryId: string;
  attempt: number;
  startTime: Date;
  status: number | null;
  /** A short code such as `timeout`; never a body or an address. */
  error: string | null;
  /** Milliseconds by phase; null for one that did not happen. */
  phases: Record<string, number | null>;
  responseHeaders: Record<string, string>;
  responseBody: string;
  fate: DeliveryFate;
  /** The receiver answered 410 Gone. */
  endpointGone: boolean;
  /** A test that the owner asked for: it says nothing about the endpoint's health. */
  test: boolean;
}

/**
 * Writes finished attempts and moves their deliveries on. A result that comes after the lease was given to another worker
 * changes nothing, but a success counts whenever it comes, also after its delivery was given up.
 */
export async function recordAttempts(
  manager: EntityManager,
  key: EndpointKey,
  finished: readonly FinishedDelivery[],
): Promise<void> {
  await releaseAborted(manager, key, finished);
  const counted = finished.filter(({ fate }) => fate.state !== 'released');
  if (counted.length === 0) return;
  await insertAttempts(manager, key, counted);
  await manager.query(
    `UPDATE deliveries d SET state = r.state, attempt = r.attempt, claimed_until = NULL,
       next_attempt_time = now() + r.delay_ms * interval '1 millisecond',
       first_attempt_time = coalesce(d.first_attempt_time, r.start_time),
       finish_time = CASE WHEN r.state <> 'pending' THEN now() END, last_status = r.status, last_error = r.error
     FROM unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::float8[], $7::timestamptz[], $8::int[], $9::text[])
       AS r (directory_id, id, attempt, state, delay_ms, start_time, status, error)
     WHERE d.environment_id = $1 AND d.directory_id = r.directory_id AND d.id = r.id
       AND (d.state = 'pending' AND d.attempt = r.attempt - 1 OR d.state <> 'succeeded' AND r.state = 'succeeded')`,
    [
      key.environmentId,
      counted.map((row) => row.directoryId),
      counted.map((row) => row.deliveryId),
      counted.map((row) => row.attempt),
      counted.map((row) => row.fate.state),
      counted.map((row) => (row.fate.state === 'pending' ? row.fate.delayMs : 0)),
      counted.map((row) => row.startTime),
      counted.map((row) => row.status),
      counted.map((row) => row.error),
    ],
  );
}

async function releaseAborted(
  manager: EntityManager,
  key: EndpointKey,
  finished: readonly FinishedDelivery[],
): Promise<void> {
  const released = finished.filter(({ fate }) => fate.state === 'released');
  if (released.length === 0) return;
  await manager.query(
    `UPDATE deliveries d SET claimed_until = NULL FROM unnest($2::text[], $3::text[], $4::int[]) AS r (directory_id, id, attempt)
     WHERE d.environment_id = $1 AND d.directory_id = r.directory_id AND d.id = r.id AND d.state = 'pending'
       AND d.attempt = r.attempt - 1`,
    [
      key.environmentId,
      released.map((row) => row.directoryId),
      released.map((row) => row.deliveryId),
      released.map((row) => row.attempt),
    ],
  );
}

async function insertAttempts(
  manager: EntityManager,
  key: EndpointKey,
  counted: readonly FinishedDelivery[],
): Promise<void> {
  await manager.query(
    `INSERT INTO delivery_attempts (environment_id, endpoint_id, directory_id, delivery_id, attempt, start_time, status, error,
       phases, response_headers, response_body)
     SELECT $1, $2, a.* FROM unnest($3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::int[], $8::text[], $9::jsonb[],
       $10::jsonb[], $11::text[]) AS a
     ON CONFLICT (directory_id, delivery_id, attempt) DO NOTHING`,
    [
      key.environmentId,
      key.endpointId,
      counted.map((row) => row.directoryId),
      counted.map((row) => row.deliveryId),
      counted.map((row) => row.attempt),
      counted.map((row) => row.startTime),
      counted.map((row) => row.status),
      counted.map((row) => row.error),
      counted.map((row) => JSON.stringify(row.phases)),
      counted.map((row) => JSON.stringify(row.responseHeaders)),
      // PostgreSQL text cannot hold NUL, which a receiver may send.
      counted.map((row) => row.responseBody.replaceAll('\0', '')),
    ],
  );
}
