import type { DataSource, EntityManager } from 'typeorm';
import type { EndpointDisabledReason } from '@rollcall/contract';
import type { CountedAttempt, DialectSettings, EndpointHealth, HealthSignal } from '@rollcall/webhooks';
import { chargeFurther, CLAIM_RULES, readHealth, reduceHealth, returnProbe } from '@rollcall/webhooks';
import { poolOf, callFunction, tenantTransaction } from '@rollcall/database';
import { readClaimed, renderRules } from './claim-deliveries';
import type { ClaimedDelivery, ClaimedRow } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';
import { leaseDeliveries, NOTHING_LEASED } from './lease-deliveries';
import { isOpen, lockEndpoint } from './lock-endpoint';
import { addLastAttempts } from './add-last-attempts';
import { isAccepted, isCounted, isUnsent, recordAttempts, renderAttempts } from './record-attempts';
import type { FinishedDelivery } from './record-attempts';
import { announceEndpointHealth } from './announce-endpoint-health';

/** The endpoint as it is now; sealed secrets newest first. */
export interface ClaimedEndpoint {
  url: string;
  sealedSecrets: string[];
  /** In whose form it gets events; null = as they are stored. */
  dialect: DialectSettings | null;
  /** Requests per second; null = no limit. */
  rateLimit: number | null;
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
  notified: string[];
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

export interface ExchangeOptions {
  /** Attempts that have ended, oldest first. */
  finished: readonly FinishedDelivery[];
  /** How many to claim at most that may begin at once. */
  slots: number;
  /** How many more, to begin when others have ended, while all leases of the endpoint are the caller's; only of an endpoint in good health. */
  ahead?: number;
  /** Leases that the caller holds beside those that have finished. */
  held?: number;
  /** The most deliveries that may be on the way to this endpoint at one time, over all workers. */
  inFlightMax: number;
  /** What the exchange before this one left. */
  memory?: ExchangeMemory | null;
}

/**
 * One exchange between a worker and an endpoint's queue, in one transaction under the endpoint's lock: records what has
 * finished, announces what that means for the endpoint, and leases what may go next, by the endpoint's ordering, breaker, rate
 * limit and in-flight cap.
 */
export async function exchangeDeliveries(
  dataSource: DataSource,
  key: EndpointKey,
  options: ExchangeOptions,
): Promise<Exchange> {
  return (await exchangeInOneStatement(dataSource, key, options)) ?? exchangeStepByStep(dataSource, key, options);
}

interface ExchangeRow extends ClaimedRow {
  /** Null in the rows of deliveries. */
  url: string | null;
  sealed_secrets: string[];
  health: string;
  next_due_ms: number | null;
}

/**
 * The exchange in one round trip, which does while there is nothing to announce and nothing to weigh: null = nothing was done.
 * The health that follows from the attempts is worked out beforehand, from what is remembered.
 */
export async function exchangeInOneStatement(
  dataSource: DataSource,
  { environmentId, endpointId }: EndpointKey,
  { finished, slots, ahead = 0, held = 0, inFlightMax, memory }: ExchangeOptions,
): Promise<Exchange | null> {
  if (finished.length > 0 && !memory) return null;
  if (finished.some(({ fate, endpointGone, test }) => fate.state === 'failed' || endpointGone || test)) return null;
  const before = readHealth(JSON.parse(memory?.health ?? '{}') as Record<string, unknown>);
  const { health, signals } = reduceHealth(before, countedAttempts(finished));
  if (signals.length > 0 || health.coolingUntil !== null) return null;
  const afterDirectoryId = memory?.directoryId ?? '';
  const rows = await callFunction<ExchangeRow>(poolOf(dataSource), 'exchange_deliveries', [
    environmentId,
    endpointId,
    renderAttempts(finished),
    memory?.health ?? null,
    JSON.stringify(health),
    slots + ahead,
    inFlightMax,
    afterDirectoryId,
    renderRules(CLAIM_RULES, ahead > 0 ? { slots, held } : undefined),
  ]);
  const endpoint = rows.at(-1);
  if (!endpoint || endpoint.url === null) return null;
  const claimed = readClaimed(rows.slice(0, -1));
  return {
    // A dialect and a rate limit are gates, at which this statement does nothing.
    endpoint: { url: endpoint.url, sealedSecrets: endpoint.sealed_secrets, dialect: null, rateLimit: null },
    claimed,
    signals,
    nextDueMs: endpoint.next_due_ms,
    replaying: false,
    notified: [],
    memory: { health: endpoint.health, directoryId: lastDirectory(claimed) ?? afterDirectoryId },
  };
}

/** The exchange step by step, each weighed here. */
export async function exchangeStepByStep(
  dataSource: DataSource,
  key: EndpointKey,
  { finished, slots, inFlightMax, memory }: ExchangeOptions,
): Promise<Exchange> {
  return tenantTransaction(dataSource, { environmentId: key.environmentId }, async (manager) => {
    const locked = await lockEndpoint(manager, key);
    await recordAttempts(manager, key, finished);
    if (!locked) return NO_ENDPOINT;
    const further = finished.reduce((sum, one) => sum + (one.further ?? 0), 0);
    const row = { ...locked, next_send_time: chargeFurther(locked.rate_limit, locked.next_send_time, further) };
    const before = readHealth(row.health);
    const { health: reduced, signals } = reduceHealth(before, countedAttempts(finished));
    const counted = finished.filter((one) => !one.test && !isUnsent(one));
    const isUnasked = counted.length === 0 && finished.some((one) => !one.test && isUnsent(one));
    const health = isUnasked ? returnProbe(reduced, row.now) : reduced;
    const disable = disableReason(counted, signals, row.enabled_time);
    const open = isOpen(row) && !disable;
    const free = Math.min(slots, inFlightMax - Number(row.in_flight) + finished.length);
    const afterDirectoryId = memory?.directoryId ?? '';
    const leased = open ? await leaseDeliveries(manager, key, { row, health, free, afterDirectoryId }) : NOTHING_LEASED;
    const after = leased.health ?? health;
    if (after !== before) await writeHealth(manager, key, after);
    const account = leased.nextSendTime ?? row.next_send_time;
    if (account && account !== locked.next_send_time) await writeNextSendTime(manager, key, account);
    if (row.enabled && disable) await disableEndpoint(manager, key, disable);
    const dialect = row.dialect && { name: row.dialect, deactivation: row.deactivation };
    return {
      endpoint: open
        ? { url: row.url, sealedSecrets: row.sealed_secrets ?? [], dialect, rateLimit: row.rate_limit }
        : null,
      claimed: dialect ? await addLastAttempts(manager, key, leased.claimed) : leased.claimed,
      signals,
      replaying: open && row.gates.includes('replaying'),
      nextDueMs: leased.nextDueMs,
      notified: await announceEndpointHealth(manager, key, {
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
  notified: [],
  memory: null,
};

function countedAttempts(finished: readonly FinishedDelivery[]): CountedAttempt[] {
  return finished.filter(isCounted).map(({ fate, startTime }) => ({ succeeded: isAccepted(fate), at: startTime }));
}

/** The directories take turns in order of their ids, from where the last turn was. */
function lastDirectory(claimed: readonly ClaimedDelivery[]): string | undefined {
  return claimed.at(-1)?.directoryId;
}

/** An attempt of before the owner enabled the endpoint again says nothing of it since. */
function disableReason(
  finished: readonly FinishedDelivery[],
  signals: readonly HealthSignal[],
  enabledTime: Date | null,
): EndpointDisabledReason | null {
  if (finished.some(({ endpointGone, startTime }) => endpointGone && startTime >= (enabledTime ?? startTime)))
    return 'gone';
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
