import type { EntityManager } from 'typeorm';
import { RESOURCE_HOLD_MS } from '@rollcall/webhooks';
import type { Ordering } from '@rollcall/webhooks';
import type { EndpointKey } from './endpoint-key';

/** A claim is a lease: after this long the delivery is up for anyone again, with the same attempt number. */
const LEASE = `interval '30 seconds'`;

/** A delivery leased to the caller. `attempt` is the number of the attempt to make, from 1. */
export interface ClaimedDelivery {
  directoryId: string;
  id: string;
  eventId: string;
  attempt: number;
  body: string;
  /** The replay that sends it; null = as it happened. */
  replayId: string | null;
  /** A test that the owner asked for: one attempt. */
  test: boolean;
}

/** Which deliveries, and how the endpoint wants them ordered. */
export interface ClaimOptions {
  ordering: Ordering;
  /** When the endpoint was last enabled after having been disabled. */
  enabledTime: Date | null;
  limit: number;
  /** `tests`: what the owner asked for; `events`: everything else, of which a replay gets what live events leave free. */
  of: 'tests' | 'events';
}

/** Leases what may go, longest due first, in the caller's transaction, which holds the endpoint's lock. */
export async function claimDeliveries(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  { ordering, enabledTime, limit, of }: ClaimOptions,
): Promise<ClaimedDelivery[]> {
  const lines = of === 'tests' ? ['d.test'] : [liveLine(ordering), replayLine(ordering)];
  const candidates = lines.map((line, rank) => `SELECT ${rank} AS rank, due.* FROM (${dueIn(line)}) AS due`);
  const rows = await manager.query<ClaimedRow[]>(
    `WITH endpoint AS (
       SELECT $4::timestamptz AS enabled_time
     ), due AS (
       SELECT directory_id, id FROM (${candidates.join(' UNION ALL ')}) AS candidates
       ORDER BY rank, next_attempt_time, id LIMIT $3
     ), claimed AS (
       UPDATE deliveries d SET claimed_until = now() + ${LEASE} FROM due
       WHERE d.directory_id = due.directory_id AND d.id = due.id
       RETURNING d.directory_id, d.id, d.event_id, d.attempt + 1 AS attempt, d.replay_id, d.test, d.body
     )
     SELECT c.directory_id, c.id, c.event_id, c.attempt, c.replay_id, c.test, coalesce(c.body, e.body) AS body
     FROM claimed c LEFT JOIN events e ON e.directory_id = c.directory_id AND e.id = c.event_id ORDER BY c.id`,
    [environmentId, endpointId, limit, enabledTime],
  );
  return rows.map((row) => ({
    directoryId: row.directory_id,
    id: row.id,
    eventId: row.event_id,
    attempt: row.attempt,
    body: row.body,
    replayId: row.replay_id,
    test: row.test,
  }));
}

interface ClaimedRow {
  directory_id: string;
  id: string;
  event_id: string;
  attempt: number;
  body: string;
  replay_id: string | null;
  test: boolean;
}

/** Events as they happen; on a fifo endpoint those of a directory wait for a replay of it that runs. */
const liveLine = (ordering: Ordering): string => `NOT d.test AND d.replay_id IS NULL
  AND ${orderingCondition[ordering]('p.replay_id IS NULL')}
  AND ${
    ordering === 'fifo'
      ? `(d.sequence IS NULL OR NOT EXISTS (SELECT 1 FROM replays r
          WHERE r.environment_id = d.environment_id AND r.endpoint_id = d.endpoint_id AND r.state = 'running' AND (r.directory_id IS NULL OR r.directory_id = d.directory_id)))`
      : 'true'
  }`;

/** Each replay has a line of its own, so that it never waits for an event that waits for it. A paused one sends nothing. */
const replayLine = (ordering: Ordering): string => `d.replay_id IS NOT NULL
  AND ${orderingCondition[ordering]('p.replay_id = d.replay_id')}
  AND NOT EXISTS (SELECT 1 FROM replays r
    WHERE r.environment_id = d.environment_id AND r.id = d.replay_id AND r.state = 'paused')`;

/**
 * What may go before what: a condition on the delivery `d` and those in its line, `p`, by the endpoint's ordering. Nothing
 * could be sent while the endpoint was disabled, so that a hold runs anew from when it was enabled again.
 */
const orderingCondition: Record<Ordering, (sameLine: string) => string> = {
  none: () => 'true',
  resource: (sameLine) => `NOT EXISTS (SELECT 1 FROM deliveries p
    WHERE p.environment_id = d.environment_id AND p.endpoint_id = d.endpoint_id AND p.state = 'pending' AND ${sameLine}
      AND p.directory_id = d.directory_id AND p.resource_id = d.resource_id AND p.sequence < d.sequence
      AND (p.first_attempt_time IS NULL OR greatest(p.first_attempt_time, (SELECT enabled_time FROM endpoint))
        > now() - interval '${RESOURCE_HOLD_MS} milliseconds'))`,
  fifo: (sameLine) => `NOT EXISTS (SELECT 1 FROM deliveries p
    WHERE p.environment_id = d.environment_id AND p.endpoint_id = d.endpoint_id AND p.state = 'pending' AND ${sameLine}
      AND p.directory_id = d.directory_id AND p.sequence < d.sequence)`,
};

/** Due deliveries of a line that nobody has leased, longest due first. */
const dueIn = (line: string): string => `SELECT d.directory_id, d.id, d.next_attempt_time FROM deliveries d
  WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt_time <= now()
    AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND ${line}
  ORDER BY d.next_attempt_time, d.id LIMIT $3`;
