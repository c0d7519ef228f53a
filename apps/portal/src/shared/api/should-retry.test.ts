import { describe, expect, it } from 'vitest';
import { PortalError } from './portal-error';
import { shouldRetry } from './should-retry';

describe('shouldRetry', () => {
  it('reads twice more what may pass', () => {
    const error = new PortalError(503, 'unavailable', '');
    expect([0, 1, 2, 3].map((failures) => shouldRetry(failures, error))).toEqual([true, true, false, false]);
    expect(shouldRetry(0, new PortalError(0, 'network', ''))).toBe(true);
  });

  it('never makes anybody wait for a second time-out', () => {
    expect(shouldRetry(0, new PortalError(0, 'timeout', ''))).toBe(false);
  });

  it('does not come before the time that the server has named', () => {
    expect(shouldRetry(0, new PortalError(429, 'rate_limited', '', undefined, 1_000))).toBe(false);
  });

  it('does not repeat what was refused', () => {
    for (const status of [401, 403, 404, 409]) expect(shouldRetry(0, new PortalError(status, 'x', ''))).toBe(false);
  });
});
