import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { ClaimedDelivery } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';

interface LastAttemptRow {
  delivery_id: string;
  message_id: string | null;
  succeeded: boolean;
  accepted: number;
}

/**
 * Completes deliveries that were attempted before with how that went: a dialect may have sent a part of its messages. An attempt
 * that could sign none says nothing of it.
 */
export async function addLastAttempts(
  manager: EntityManager,
  { environmentId }: EndpointKey,
  claimed: readonly ClaimedDelivery[],
): Promise<ClaimedDelivery[]> {
  const tried = claimed.filter(({ attempt }) => attempt > 1);
  if (tried.length === 0) return [...claimed];
  const { rows } = await runStatement<LastAttemptRow>(
    manager,
    `SELECT t.delivery_id, a.message_id, a.succeeded, a.accepted
     FROM unnest($2::text[], $3::text[]) AS t (directory_id, delivery_id), LATERAL (
       SELECT a.request_headers ->> 'webhook-id' AS message_id, s.succeeded,
         count(*) FILTER (WHERE s.succeeded) OVER ()::integer AS accepted
       FROM delivery_attempts a, LATERAL (
         SELECT a.error IS NULL AND coalesce(a.status BETWEEN 200 AND 299, false) AS succeeded) s
       WHERE a.environment_id = $1 AND a.directory_id = t.directory_id AND a.delivery_id = t.delivery_id
       ORDER BY a.request_headers ? 'webhook-id' DESC, a.attempt DESC LIMIT 1) a`,
    [environmentId, tried.map(({ directoryId }) => directoryId), tried.map(({ id }) => id)],
  );
  const last = new Map(rows.map((row) => [row.delivery_id, row]));
  return claimed.map((delivery) => {
    const row = last.get(delivery.id);
    if (!row) return delivery;
    const { message_id: messageId, succeeded, accepted } = row;
    return { ...delivery, last: { messageId, succeeded, accepted } };
  });
}
