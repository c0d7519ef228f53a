import type { EntityManager } from 'typeorm';
import type { Ordering } from '@rollcall/contract';
import { CLAIM_RULES } from '@rollcall/webhooks';
import type { ClaimRules, LastAttempt } from '@rollcall/webhooks';
import type { EndpointKey } from './endpoint-key';

/** A delivery leased to the caller: for `leaseMs`, then it is up for anyone again, with the same attempt number. */
export interface ClaimedDelivery {
  directoryId: string;
  id: string;
  eventId: string;
  /** The number of the attempt to make, from 1. */
  attempt: number;
  body: string;
  /** The replay that sends it; null = as it happened. */
  replayId: string | null;
  /** A test that the owner asked for: one attempt. */
  test: boolean;
  /** How the attempts before went; absent without one, and where the endpoint has no dialect. */
  last?: LastAttempt;
}

/** Which deliveries, and how the endpoint wants them ordered. */
export interface ClaimOptions {
  ordering: Ordering;
  /** When the endpoint was last enabled after having been disabled. */
  enabledTime: Date | null;
  limit: number;
  /** `tests`: what the owner asked for; `events`: everything else, of which a replay gets what live events leave free. */
  of: 'tests' | 'events';
  /** The directory that had its turn last; '' = none. */
  afterDirectoryId: string;
  /** Those of libs/webhooks unless told otherwise. */
  rules?: ClaimRules;
}

/** Leases what may go next, in the caller's transaction, which holds the endpoint's lock. */
export async function claimDeliveries(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  { ordering, enabledTime, limit, of, afterDirectoryId, rules = CLAIM_RULES }: ClaimOptions,
): Promise<ClaimedDelivery[]> {
  const rows = await manager.query<ClaimedRow[]>('SELECT * FROM claim_deliveries($1, $2, $3, $4, $5, $6, $7, $8)', [
    environmentId,
    endpointId,
    ordering,
    enabledTime,
    limit,
    of,
    afterDirectoryId,
    renderRules(rules),
  ]);
  return readClaimed(rows);
}

/** Of a claim that goes beyond what may begin at once: how many may, and how many leases the caller holds. */
interface Ahead {
  slots: number;
  held: number;
}

/** The rules as the SQL functions take them. */
export function renderRules(rules: ClaimRules, ahead?: Ahead): string {
  return JSON.stringify({
    ...(ahead && { ...ahead, ahead_bytes: rules.aheadBytes }),
    hold_ms: rules.holdMs,
    lease_ms: rules.leaseMs,
    window: rules.window,
    deferred_at_once: rules.deferredAtOnce,
    directories_per_turn: rules.directoriesPerTurn,
    front_of_directory: rules.frontOfDirectory,
  });
}

export interface ClaimedRow {
  directory_id: string;
  id: string;
  event_id: string;
  attempt: number;
  body: string;
  replay_id: string | null;
  test: boolean;
}

/** Rows of the SQL function `claim_deliveries`, whose turn it was at the end. */
export function readClaimed(rows: readonly ClaimedRow[]): ClaimedDelivery[] {
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
