import { describe, expect, it } from 'vitest';
import { mustWait, orderingKey, RESOURCE_HOLD_MS } from './must-wait';

const now = new Date('2026-11-21T10:00:00Z');
const event = { directoryId: 'd', resourceId: 'u', sequence: 7 };

describe('orderingKey', () => {
  it('lines up events of one resource, of one directory, or nothing', () => {
    expect(orderingKey('resource', event)).toBe('d/u');
    expect(orderingKey('fifo', event)).toBe('d');
    expect(orderingKey('none', event)).toBeNull();
  });

  it('leaves operational events out of every line', () => {
    expect(orderingKey('fifo', { ...event, sequence: null })).toBeNull();
  });
});

describe('mustWait', () => {
  const sentBefore = (ms: number) => ({ firstAttemptTime: new Date(now.getTime() - ms) });

  it('waits for an earlier event of the resource up to 15 minutes from its first attempt', () => {
    expect(mustWait('resource', { firstAttemptTime: null }, now)).toBe(true);
    expect(mustWait('resource', sentBefore(RESOURCE_HOLD_MS - 1), now)).toBe(true);
    expect(mustWait('resource', sentBefore(RESOURCE_HOLD_MS), now)).toBe(false);
  });

  it('waits without end on a fifo endpoint, and never on an unordered one', () => {
    expect(mustWait('fifo', sentBefore(10 * RESOURCE_HOLD_MS), now)).toBe(true);
    expect(mustWait('none', { firstAttemptTime: null }, now)).toBe(false);
  });
});
