import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { ClaimedDelivery } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';

interface LastAttemptRow {
  delivery_id: string;
  message_id: string | null;
  succeeded: boolean;
}

/** Completes deliveries that were attempted before with how that ended: a dialect may have sent a part of its messages. */
export async function addLastAttempts(
  manager: EntityManager,
  { environmentId }: EndpointKey,
  claimed: readonly ClaimedDelivery[],
): Promise<ClaimedDelivery[]> {
  const tried = claimed.filter(({ attempt }) => attempt > 1);
  if (tried.length === 0) return [...claimed];
  const { rows } = await runStatement<LastAttemptRow>(
    manager,
    `SELECT a.delivery_id, a.request_headers ->> 'webhook-id' AS message_id,
       a.error IS NULL AND coalesce(a.status BETWEEN 200 AND 299, false) AS succeeded
     FROM unnest($2::text[], $3::text[], $4::integer[]) AS t (directory_id, delivery_id, attempt)
     JOIN delivery_attempts a ON a.environment_id = $1 AND a.directory_id = t.directory_id AND a.delivery_id = t.delivery_id
       AND a.attempt = t.attempt - 1`,
    [
      environmentId,
      tried.map(({ directoryId }) => directoryId),
      tried.map(({ id }) => id),
      tried.map(({ attempt }) => attempt),
    ],
  );
  const last = new Map(rows.map((row) => [row.delivery_id, row]));
  return claimed.map((delivery) => {
    const row = last.get(delivery.id);
    return row ? { ...delivery, last: { messageId: row.message_id, succeeded: row.succeeded } } : delivery;
  });
}
