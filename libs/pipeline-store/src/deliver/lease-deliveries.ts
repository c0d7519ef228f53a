import type { EntityManager } from 'typeorm';
import type { Ordering } from '@rollcall/contract';
import { CLAIM_RULES, permitRate, permitSend } from '@rollcall/webhooks';
import type { EndpointHealth, SendPermission } from '@rollcall/webhooks';
import { claimDeliveries, renderRules } from './claim-deliveries';
import type { ClaimedDelivery } from './claim-deliveries';
import type { EndpointKey } from './endpoint-key';
import type { EndpointRow } from './lock-endpoint';

/** What goes out next. */
export interface Lease {
  claimed: ClaimedDelivery[];
  /** The health to store because a probe goes out. */
  health?: EndpointHealth;
  /** The account to store because attempts go out under a rate limit. */
  nextSendTime?: Date | null;
  nextDueMs: number | null;
}

export const NOTHING_LEASED: Lease = { claimed: [], nextDueMs: null };

interface LeaseOptions {
  row: EndpointRow;
  health: EndpointHealth;
  free: number;
  afterDirectoryId: string;
}

/** Tests go first and ask neither breaker nor rate limit: their owner waits for them, and a test that waits shows nothing. */
export async function leaseDeliveries(
  manager: EntityManager,
  key: EndpointKey,
  { row, health, free, afterDirectoryId }: LeaseOptions,
): Promise<Lease> {
  const { ordering, enabled_time: enabledTime } = row;
  const claim = (of: 'tests' | 'events', limit: number) =>
    limit > 0 ? claimDeliveries(manager, key, { ordering, enabledTime, limit, of, afterDirectoryId }) : [];
  const tests = row.gates.includes('testing') ? await claim('tests', free) : [];
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

async function findNextDue(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
  ordering: Ordering,
): Promise<number | null> {
  const [row] = await manager.query<{ ms: number | null }[]>('SELECT find_next_due_ms($1, $2, $3, $4) AS ms', [
    environmentId,
    endpointId,
    ordering,
    renderRules(CLAIM_RULES),
  ]);
  return row?.ms ?? null;
}
