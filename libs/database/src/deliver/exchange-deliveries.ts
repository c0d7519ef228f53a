import type { DataSource, EntityManager } from 'typeorm';
import type { EndpointDisabledReason } from '@rollcall/events';
import type { EndpointHealth, HealthSignal, Ordering, SendPermission } from '@rollcall/webhooks';
import { permitRate, permitSend, readHealth } from '@rollcall/webhooks';
import { poolOf } from '../connect-database';
import { callFunction } from '../scim/call-function';
import { tenantTransaction } from '../tenant-transaction';
import { claimDeliveries, readClaimed } from './claim-deliveries';
import type { ClaimedDelivery, ClaimedRow } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';
import { recordAttempts, renderAttempts } from './record-attempts';
import type { FinishedDelivery } from './record-attempts';
import { tellEndpointLife } from './tell-endpoint-life';

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
  /** Milliseconds until another delivery may go; null when one may go as soon as there is room, or none is pending. */
  nextDueMs: number | null;
  /** A replay to the endpoint is running: it makes its deliveries in small numbers, see `advanceReplays`. */
  replaying: boolean;
  /** Endpoints that have an operational event to deliver because of this exchange. */
  told: string[];
  /** For the next exchange with this endpoint; null = nothing is known of it. */
  memory: ExchangeMemory | null;
}

/** What one exchange leaves for the next, so that it mostly is one round trip. It may be out of date, or lost, at no harm. */
export interface ExchangeMemory {
  /** The endpoint's health as JSON, as it was stored. */
  health: string;
  /** The directory that had its turn last. */
  directoryId: string;
}

/** How many to claim at most, and how finished attempts change the endpoint's health (pure). */
export interface ExchangeOptions {
  finished: readonly FinishedDelivery[];
  slots: number;
  /** The most deliveries that may be on the way to this endpoint at one time, over all workers. */
  inFlightMax: number;
  /** What the exchange before this one left. */
  memory?: ExchangeMemory | null;
  reduceHealth: (
    health: EndpointHealth,
    finished: readonly FinishedDelivery[],
  ) => { health: EndpointHealth; signals: HealthSignal[] };
}

interface EndpointRow {
  url: string;
  enabled: boolean;
  ordering: Ordering;
  enabled_time: Date | null;
  rate_limit: number | null;
  next_send_time: Date | null;
  health: Record<string, unknown>;
  now: Date;
  in_flight: string;
  has_tests: boolean;
  sealed_secrets: string[] | null;
  replaying: boolean;
}

/**
 * One exchange between a worker and an endpoint's queue, in one transaction under the endpoint's lock: records what has
 * finished, tells of it, and leases what may go next, by the endpoint's ordering, breaker, rate limit and in-flight cap.
 */
export async function exchangeDeliveries(
  dataSource: DataSource,
  key: EndpointKey,
  options: ExchangeOptions,
): Promise<Exchange> {
  return (await exchangeAtOnce(dataSource, key, options)) ?? exchangeStepwise(dataSource, key, options);
}

interface ExchangeRow extends ClaimedRow {
  /** Null in the rows of deliveries. */
  url: string | null;
  sealed_secrets: string[];
  health: string;
  next_due_ms: number | null;
}

/**
 * The exchange in one round trip, which does while there is nothing to tell and nothing to weigh: null = nothing was done.
 * The health that follows from the attempts is worked out beforehand, from what is remembered.
 */
async function exchangeAtOnce(
  dataSource: DataSource,
  { environmentId, endpointId }: EndpointKey,
  { finished, slots, inFlightMax, memory, reduceHealth }: ExchangeOptions,
): Promise<Exchange | null> {
  if (finished.length > 0 && !memory) return null;
  if (finished.some(({ fate, endpointGone, test }) => fate.state === 'failed' || endpointGone || test)) return null;
  const before = readHealth(JSON.parse(memory?.health ?? '{}') as Record<string, unknown>);
  const { health, signals } = reduceHealth(before, finished);
  if (signals.length > 0 || health.coolingUntil !== null) return null;
  const afterDirectoryId = memory?.directoryId ?? '';
  const rows = await callFunction<ExchangeRow>(poolOf(dataSource), 'exchange_deliveries', [
    environmentId,
    endpointId,
    renderAttempts(finished),
    memory?.health ?? null,
    JSON.stringify(health),
    slots,
    inFlightMax,
    afterDirectoryId,
  ]);
  const endpoint = rows.at(-1);
  if (!endpoint || endpoint.url === null) return null;
  const claimed = readClaimed(rows.slice(0, -1));
  return {
    endpoint: { url: endpoint.url, sealedSecrets: endpoint.sealed_secrets },
    claimed,
    signals,
    nextDueMs: endpoint.next_due_ms,
    replaying: false,
    told: [],
    memory: { health: endpoint.health, directoryId: lastDirectory(claimed) ?? afterDirectoryId },
  };
}

/** The exchange step by step, each weighed here. */
async function exchangeStepwise(
  dataSource: DataSource,
  key: EndpointKey,
  { finished, slots, inFlightMax, memory, reduceHealth }: ExchangeOptions,
): Promise<Exchange> {
  return tenantTransaction(dataSource, { environmentId: key.environmentId }, async (manager) => {
    const row = await lockEndpoint(manager, key);
    await recordAttempts(manager, key, finished);
    if (!row) return NO_ENDPOINT;
    const before = readHealth(row.health);
    const counted = finished.filter(({ test }) => !test);
    const { health, signals } = reduceHealth(before, counted);
    const disable = disableReason(counted, signals);
    const open = row.enabled && !disable;
    const free = Math.min(slots, inFlightMax - Number(row.in_flight) + finished.length);
    const afterDirectoryId = memory?.directoryId ?? '';
    const leased = open ? await lease(manager, key, { row, health, free, afterDirectoryId }) : NOTHING_LEASED;
    const after = leased.health ?? health;
    if (after !== before) await writeHealth(manager, key, after);
    if (leased.nextSendTime) await writeNextSendTime(manager, key, leased.nextSendTime);
    if (row.enabled && disable) await disableEndpoint(manager, key, disable);
    return {
      endpoint: open ? { url: row.url, sealedSecrets: row.sealed_secrets ?? [] } : null,
      claimed: leased.claimed,
      signals,
      replaying: open && row.replaying,
      nextDueMs: leased.nextDueMs,
      told: await tellEndpointLife(manager, key, {
        finished: counted,
        signals,
        disabled: row.enabled ? disable : null,
      }),
      memory: { health: JSON.stringify(after), directoryId: lastDirectory(leased.claimed) ?? afterDirectoryId },
    };
  });
}

const NO_ENDPOINT: Exchange = {
  endpoint: null,
  claimed: [],
  signals: [],
  nextDueMs: null,
  replaying: false,
  told: [],
  memory: null,
};

/** The directories take turns in order of their ids, from where the last turn was. */
function lastDirectory(claimed: readonly ClaimedDelivery[]): string | undefined {
  return claimed.at(-1)?.directoryId;
}

interface Lease {
  claimed: ClaimedDelivery[];
  /** The health to store because a probe goes out. */
  health?: EndpointHealth;
  /** The account to store because attempts go out under a rate limit. */
  nextSendTime?: Date | null;
  nextDueMs: number | null;
}

const NOTHING_LEASED: Lease = { claimed: [], nextDueMs: null };

interface LeaseOptions {
  row: EndpointRow;
  health: EndpointHealth;
  free: number;
  afterDirectoryId: string;
}

/** Tests go first and ask neither breaker nor rate limit: their owner waits for them, and a test that waits tells nothing. */
async function lease(
  manager: EntityManager,
  key: EndpointKey,
  { row, health, free, afterDirectoryId }: LeaseOptions,
): Promise<Lease> {
  const { ordering, enabled_time: enabledTime } = row;
  const claim = (of: 'tests' | 'events', limit: number) =>
    limit > 0 ? claimDeliveries(manager, key, { ordering, enabledTime, limit, of, afterDirectoryId }) : [];
  const tests = row.has_tests ? await claim('tests', free) : [];
  const permission = permitSend(health, row.now);
  const rate = permitRate(row.rate_limit, row.next_send_time, row.now);
  const most = Math.min(free - tests.length, rate.count - tests.length, PERMITTED[permission.kind]);
  const claimed = await claim('events', most);
  const sent = tests.length + claimed.length;
  const nextSendTime = sent > 0 ? rate.charge(sent) : row.next_send_time;
  return {
    claimed: [...tests, ...claimed],
    ...(permission.kind === 'probe' && claimed.length > 0 && { health: permission.health }),
    ...(sent > 0 && { nextSendTime }),
    nextDueMs: await findNextMove(manager, key, row, { permission, nextSendTime, sent, limited: sent >= rate.count }),
  };
}

/** How many deliveries the breaker lets out at one time. */
const PERMITTED: Record<SendPermission['kind'], number> = { send: Infinity, probe: 1, wait: 0 };

async function findNextMove(
  manager: EntityManager,
  key: EndpointKey,
  { now, ordering, rate_limit: rateLimit }: EndpointRow,
  lease: { permission: SendPermission; nextSendTime: Date | null; sent: number; limited: boolean },
): Promise<number | null> {
  const { permission, nextSendTime, sent, limited } = lease;
  if (permission.kind === 'wait') return permission.until.getTime() - now.getTime();
  if (rateLimit !== null && limited && nextSendTime) return Math.max(0, nextSendTime.getTime() - now.getTime());
  return sent === 0 ? findNextDue(manager, key, ordering) : null;
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
    `SELECT e.url, e.enabled, e.ordering, e.enabled_time, e.rate_limit, h.next_send_time, h.health, clock_timestamp() AS now,
       (SELECT count(*) FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending'
         AND d.claimed_until IS NOT NULL AND d.claimed_until > now()) AS in_flight,
       EXISTS (SELECT 1 FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending'
         AND d.test) AS has_tests,
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

async function findNextDue(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  ordering: Ordering,
): Promise<number | null> {
  const [row] = await manager.query<{ ms: number | null }[]>('SELECT find_next_due_ms($1, $2, $3) AS ms', [
    environmentId,
    endpointId,
    ordering,
  ]);
  return row?.ms ?? null;
}

function disableReason(
  finished: readonly FinishedDelivery[],
  signals: readonly HealthSignal[],
): EndpointDisabledReason | null {
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

async function writeNextSendTime(manager: EntityManager, key: EndpointKey, nextSendTime: Date): Promise<void> {
  await manager.query(
    'UPDATE webhook_endpoint_health SET next_send_time = $3 WHERE environment_id = $1 AND endpoint_id = $2',
    [key.environmentId, key.endpointId, nextSendTime],
  );
}

async function disableEndpoint(manager: EntityManager, key: EndpointKey, reason: string): Promise<void> {
  await manager.query(
    `UPDATE webhook_endpoints SET enabled = false, disabled_reason = $3, update_time = now()
     WHERE environment_id = $1 AND id = $2`,
    [key.environmentId, key.endpointId, reason],
  );
}
