import { describe, expect, it } from 'vitest';
import { describeAttempt, describeDelivery } from './delivery-state';

describe('an attempt', () => {
  it.each([
    [{ status: 200, error: null }, 'Answered 200'],
    [{ status: null, error: 'timeout' }, 'No answer within 15 seconds'],
    [{ status: 302, error: 'redirect' }, 'Answered 302. It answered with a redirect, which is not followed'],
    [{ status: null, error: 'address_not_public' }, 'Not sent: the host has no public internet address'],
    [{ status: null, error: 'connect_timeout' }, 'The host did not accept the connection in time'],
    [{ status: null, error: 'constructor' }, 'constructor'],
  ])('ends with words (%#)', (attempt, text) => {
    expect(describeAttempt(attempt)).toBe(text);
  });

  it('that failed leaves a delivery that is tried again', () => {
    const none = { last_status: null, last_error: null };
    expect(describeDelivery({ state: 'pending', attempt: 0, ...none }).label).toBe('Pending');
    expect(describeDelivery({ state: 'pending', attempt: 2, ...none, last_status: 500 }).label).toBe('Retrying');
  });

  it('without a request leaves a delivery that is not told as delivered', () => {
    const delivery = { state: 'succeeded', attempt: 1, last_error: null } as const;
    expect(describeDelivery({ ...delivery, last_status: null }).label).toBe('Nothing to send');
    expect(describeDelivery({ ...delivery, last_status: 204 }).label).toBe('Delivered');
    expect(describeAttempt({ status: null, error: null })).toContain('Not sent');
  });
});
