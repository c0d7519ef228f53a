import type { DataSource, EntityManager } from 'typeorm';
import type { EndpointHealth, HealthSignal, Ordering } from '@rollcall/webhooks';
import { permitSend, readHealth, RESOURCE_HOLD_MS } from '@rollcall/webhooks';
import { tenantTransaction } from '../tenant-transaction';
import type { EndpointKey } from './endpoint-key';
import { recordAttempts } from './record-attempts';
import type { FinishedDelivery } from './record-attempts';

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
}

/** The endpoint as it is now; sealed secrets newest first. */
export interface ClaimedEndpoint {
  url: string;
  sealedSecrets: string[];
}

export interface Exchange {
  /** Null when the endpoint is gone or switched off. */
  endpoint: ClaimedEndpoint | null;
  claimed: ClaimedDelivery[];
  signals: HealthSignal[];
  /** Milliseconds until a delivery of the endpoint is due, told when nothing was leased and one is pending. */
  nextDueMs: number | null;
  /** A replay to the endpoint is running: it makes its deliveries in small numbers, see `advanceReplays`. */
  replaying: boolean;
}

/** How many to claim at most, and how finished attempts change the endpoint's health (pure). */
export interface ExchangeOptions {
  finished: readonly FinishedDelivery[];
  slots: number;
  /** The most deliveries that may be on the way to this endpoint at one time, over all workers. */
  inFlightMax: number;
  reduceHealth: (
    health: EndpointHealth,
    finished: readonly FinishedDelivery[],
  ) => { health: EndpointHealth; signals: HealthSignal[] };
}

interface EndpointRow {
  url: string;
  enabled: boolean;
  ordering: Ordering;
  health: Record<string, unknown>;
  now: Date;
  in_flight: string;
  sealed_secrets: string[] | null;
  replaying: boolean;
}

/**
 * One exchange between a worker and an endpoint's queue, in one transaction under the endpoint's lock: records what has
 * finished and leases what may go next, by the endpoint's ordering, breaker and in-flight cap.
 */
export async function exchangeDeliveries(
  dataSource: DataSource,
  key: EndpointKey,
  { finished, slots, inFlightMax, reduceHealth }: ExchangeOptions,
): Promise<Exchange> {
  return tenantTransaction(dataSource, { environmentId: key.environmentId }, async (manager) => {
    const row = await lockEndpoint(manager, key);
    await recordAttempts(manager, key, finished);
    if (!row) return { endpoint: null, claimed: [], signals: [], nextDueMs: null, replaying: false };
    const before = readHealth(row.health);
    const { health, signals } = reduceHealth(before, finished);
    const disable = disableReason(finished, signals);
    const open = row.enabled && !disable;
    const free = Math.min(slots, inFlightMax - Number(row.in_flight) + finished.length);
    const permission = permitSend(health, row.now);
    const limit = !open || permission.kind === 'wait' ? 0 : permission.kind === 'probe' ? Math.min(free, 1) : free;
    const claimed = limit > 0 ? await claim(manager, key, row.ordering, limit) : [];
    const after = permission.kind === 'probe' && claimed.length > 0 ? permission.health : health;
    if (after !== before) await writeHealth(manager, key, after);
    if (row.enabled && disable) await disableEndpoint(manager, key, disable);
    return {
      endpoint: open ? { url: row.url, sealedSecrets: row.sealed_secrets ?? [] } : null,
      claimed,
      signals,
      nextDueMs: open && claimed.length === 0 ? await findNextDue(manager, key) : null,
      replaying: open && row.replaying,
    };
  });
}

async function lockEndpoint(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
): Promise<EndpointRow | undefined> {
  const locked = await manager.query<unknown[]>(
    'SELECT 1 FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2 FOR UPDATE',
    [environmentId, endpointId],
  );
  if (locked.length === 0) return undefined;
  const [row] = await manager.query<EndpointRow[]>(
    `SELECT e.url, e.enabled, e.ordering, h.health, clock_timestamp() AS now,
       (SELECT count(*) FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending'
         AND d.claimed_until IS NOT NULL AND d.claimed_until > now()) AS in_flight,
       (SELECT array_agg(s.sealed_secret ORDER BY s.create_time DESC, s.id DESC) FROM webhook_secrets s
         WHERE s.environment_id = $1 AND s.endpoint_id = $2 AND (s.expire_time IS NULL OR s.expire_time > now())) AS sealed_secrets,
       EXISTS (SELECT 1 FROM replays r WHERE r.environment_id = $1 AND r.endpoint_id = $2
         AND r.state = 'running') AS replaying
     FROM webhook_endpoints e
     JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
     WHERE e.environment_id = $1 AND e.id = $2`,
    [environmentId, endpointId],
  );
  return row;
}

/** What may go before what: a condition on the delivery `d` and those in its line, `p`, as contract'd for the endpoint's ordering. */
const orderingCondition: Record<Ordering, (sameLine: string) => string> = {
  none: () => 'true',
  resource: (sameLine) => `NOT EXISTS (SELECT 1 FROM deliveries p
    WHERE p.environment_id = d.environment_id AND p.endpoint_id = d.endpoint_id AND p.state = 'pending' AND ${sameLine}
      AND p.directory_id = d.directory_id AND p.resource_id = d.resource_id AND p.sequence < d.sequence
      AND (p.first_attempt_time IS NULL OR p.first_attempt_time > now() - interval '${RESOURCE_HOLD_MS} milliseconds'))`,
  fifo: (sameLine) => `NOT EXISTS (SELECT 1 FROM deliveries p
    WHERE p.environment_id = d.environment_id AND p.endpoint_id = d.endpoint_id AND p.state = 'pending' AND ${sameLine}
      AND p.directory_id = d.directory_id AND p.sequence < d.sequence)`,
};

/** Events as they happen; on a fifo endpoint those of a directory wait for a replay of it that runs. */
const liveLine = (ordering: Ordering): string => `d.replay_id IS NULL
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

/** Due deliveries of a line that nobody has leased, longest due first. */
const dueIn = (line: string): string => `SELECT d.directory_id, d.id, d.next_attempt_time FROM deliveries d
  WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt_time <= now()
    AND (d.claimed_until IS NULL OR d.claimed_until <= now()) AND ${line}
  ORDER BY d.next_attempt_time, d.id LIMIT $3`;

/** Leases what may go; a replay gets what live events leave free. */
async function claim(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  ordering: Ordering,
  limit: number,
): Promise<ClaimedDelivery[]> {
  const rows = await manager.query<
    { directory_id: string; id: string; event_id: string; attempt: number; body: string; replay_id: string | null }[]
  >(
    `WITH due AS (
       SELECT directory_id, id FROM (
         SELECT 1 AS line, live.* FROM (${dueIn(liveLine(ordering))}) AS live
         UNION ALL
         SELECT 2 AS line, replayed.* FROM (${dueIn(replayLine(ordering))}) AS replayed
       ) AS candidates ORDER BY line, next_attempt_time, id LIMIT $3
     ), claimed AS (
       UPDATE deliveries d SET claimed_until = now() + ${LEASE} FROM due
       WHERE d.directory_id = due.directory_id AND d.id = due.id
       RETURNING d.directory_id, d.id, d.event_id, d.attempt + 1 AS attempt, d.replay_id, d.body
     )
     SELECT c.directory_id, c.id, c.event_id, c.attempt, c.replay_id, coalesce(c.body, e.body) AS body
     FROM claimed c LEFT JOIN events e ON e.directory_id = c.directory_id AND e.id = c.event_id ORDER BY c.id`,
    [environmentId, endpointId, limit],
  );
  return rows.map((row) => ({
    directoryId: row.directory_id,
    id: row.id,
    eventId: row.event_id,
    attempt: row.attempt,
    body: row.body,
    replayId: row.replay_id,
  }));
}

async function findNextDue(manager: EntityManager, { environmentId, endpointId }: EndpointKey): Promise<number | null> {
  const [row] = await manager.query<{ ms: number | null }[]>(
    `SELECT extract(epoch FROM next_attempt_time - now())::float8 * 1000 AS ms FROM deliveries
     WHERE environment_id = $1 AND endpoint_id = $2 AND state = 'pending' AND next_attempt_time > now()
     ORDER BY next_attempt_time LIMIT 1`,
    [environmentId, endpointId],
  );
  return row?.ms ?? null;
}

function disableReason(finished: readonly FinishedDelivery[], signals: readonly HealthSignal[]): string | null {
  if (finished.some(({ endpointGone }) => endpointGone)) return 'gone';
  return signals.some(({ kind }) => kind === 'disable-endpoint') ? 'failing' : null;
}

async function writeHealth(manager: EntityManager, key: EndpointKey, health: EndpointHealth): Promise<void> {
  await manager.query(
    `UPDATE webhook_endpoint_health SET health = $3, cooling_until = to_timestamp($4::float8 / 1000)
     WHERE environment_id = $1 AND endpoint_id = $2`,
    [key.environmentId, key.endpointId, health, health.coolingUntil],
  );
}

async function disableEndpoint(manager: EntityManager, key: EndpointKey, reason: string): Promise<void> {
  await manager.query(
    `UPDATE webhook_endpoints SET enabled = false, disabled_reason = $3, update_time = now()
     WHERE environment_id = $1 AND id = $2`,
    [key.environmentId, key.endpointId, reason],
  );
}
