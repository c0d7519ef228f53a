import type { Ordering } from '@rollcall/contract';
import { describe, expect, it } from 'vitest';
import { CLAIM_RULES } from './claim-rules';
import { mustWait } from './must-wait';
import type { OrderedDelivery } from './must-wait';

const { holdMs } = CLAIM_RULES;
const now = new Date('2026-11-21T10:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const delivery = (sequence: number | null, changes: Partial<OrderedDelivery> = {}): OrderedDelivery => ({
  directoryId: 'd',
  resourceId: 'u',
  sequence,
  replayId: null,
  firstAttemptTime: null,
  ...changes,
});

function waits(
  ordering: Ordering,
  other: OrderedDelivery,
  { of = delivery(7), enabledTime = null }: { of?: OrderedDelivery; enabledTime?: Date | null } = {},
): boolean {
  return mustWait(of, [other, of], { ordering, holdMs, now, enabledTime });
}

describe('mustWait', () => {
  it('waits for an earlier event of the resource up to 15 minutes from its first attempt', () => {
    expect(holdMs).toBe(900_000);
    expect(waits('resource', delivery(3))).toBe(true);
    expect(waits('resource', delivery(3, { firstAttemptTime: ago(holdMs - 1) }))).toBe(true);
    expect(waits('resource', delivery(3, { firstAttemptTime: ago(holdMs) }))).toBe(false);
  });

  it('counts anew from when the endpoint was enabled again', () => {
    const earlier = delivery(3, { firstAttemptTime: ago(10 * holdMs) });
    expect(waits('resource', earlier, { enabledTime: ago(holdMs - 1) })).toBe(true);
    expect(waits('resource', earlier, { enabledTime: ago(holdMs) })).toBe(false);
  });

  it('waits without end on a fifo endpoint, and never on an unordered one', () => {
    const earlier = delivery(3, { resourceId: 'other', firstAttemptTime: ago(10 * holdMs) });
    expect(waits('fifo', earlier)).toBe(true);
    expect(waits('none', delivery(3))).toBe(false);
  });

  it('waits for nothing behind it, of another line, or without a number', () => {
    expect(waits('fifo', delivery(8))).toBe(false);
    expect(waits('resource', delivery(3, { resourceId: 'other' }))).toBe(false);
    expect(waits('fifo', delivery(3, { directoryId: 'other' }))).toBe(false);
    expect(waits('fifo', delivery(3, { replayId: 'r' }))).toBe(false);
    expect(waits('fifo', delivery(null))).toBe(false);
    expect(waits('fifo', delivery(3), { of: delivery(null) })).toBe(false);
  });
});
