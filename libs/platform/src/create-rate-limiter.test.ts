import { describe, expect, it } from 'vitest';
import { createRateLimiter } from './create-rate-limiter';
import type { RateLimiter } from './create-rate-limiter';

const RATE = { perSecond: 10, burst: 20 };

/** A clock that stands still unless told, and processes that tell a common account, as the database keeps it. */
function useProcesses(count: number) {
  let time = 0;
  let shared = RATE.burst;
  let at = 0;
  const processes = Array.from({ length: count }, () => createRateLimiter(() => time));
  const settle = (limiter: RateLimiter) => {
    for (const { key, spent, burst } of limiter.takeSpendings()) {
      shared = Math.min(burst, shared + ((time - at) / 1_000) * RATE.perSecond) - spent;
      at = time;
      limiter.learn(key, shared);
    }
  };
  return { processes, settle: () => processes.forEach(settle), pass: (ms: number) => void (time += ms) };
}

/** How many requests of a wave are let through. */
function send(limiter: RateLimiter, count: number): number {
  let passed = 0;
  for (let n = 0; n < count; n++) {
    if (limiter.secondsToWait('a') > 0) continue;
    limiter.spend('a', RATE, 1);
    passed += 1;
  }
  return passed;
}

describe('createRateLimiter', () => {
  it('lets a burst through, then what flows in, and tells how long to wait', () => {
    const { processes, pass } = useProcesses(1);
    const [limiter] = processes as [RateLimiter];
    expect(send(limiter, 50)).toBe(20);
    expect(limiter.secondsToWait('a')).toBeCloseTo(0.1);
    pass(1_000);
    expect(send(limiter, 50)).toBe(10);
    expect(limiter.secondsToWait('b')).toBe(0);
  });

  it('lets a debt delay the next', () => {
    const { processes, pass } = useProcesses(1);
    const [limiter] = processes as [RateLimiter];
    limiter.spend('a', RATE, 319);
    expect(limiter.secondsToWait('a')).toBeCloseTo(30);
    pass(30_000);
    expect(limiter.secondsToWait('a')).toBe(0);
  });

  it('holds several processes to one limit, but for what they spend before they have told each other', () => {
    const { processes, settle, pass } = useProcesses(3);
    let passed = 0;
    for (let step = 0; step < 400; step++) {
      for (const limiter of processes) passed += send(limiter, 4);
      settle();
      pass(250);
    }
    // 100 seconds and a burst; the first burst of each was its own.
    expect(passed).toBeGreaterThanOrEqual(100 * RATE.perSecond);
    expect(passed).toBeLessThanOrEqual(100 * RATE.perSecond + 3 * RATE.burst);
  });

  it('lets a process that sends little learn what others have spent', () => {
    const { processes, settle, pass } = useProcesses(2);
    const [busy, quiet] = processes as [RateLimiter, RateLimiter];
    busy.spend('a', RATE, 1_000);
    quiet.spend('a', RATE, 1);
    settle();
    expect(quiet.secondsToWait('a')).toBe(0);
    pass(2_000);
    settle();
    expect(quiet.secondsToWait('a')).toBeGreaterThan(60);
  });

  it('takes nothing of what flows in before a spending is told', () => {
    const { processes, settle, pass } = useProcesses(1);
    const [limiter] = processes as [RateLimiter];
    for (let wave = 0; wave < 5; wave++) {
      expect(send(limiter, 50)).toBe(20);
      pass(250);
      settle();
      pass(1_750);
    }
  });

  it('tells later what could not be told, and goes by its own view meanwhile', () => {
    const { processes, pass } = useProcesses(1);
    const [limiter] = processes as [RateLimiter];
    expect(send(limiter, 50)).toBe(20);
    const lost = limiter.takeSpendings();
    expect(lost).toEqual([{ key: 'a', ...RATE, spent: 20 }]);
    expect(limiter.takeSpendings()).toEqual([]);
    limiter.putBack(lost);
    pass(1_000);
    expect(send(limiter, 50)).toBe(10);
    expect(limiter.takeSpendings()).toEqual([{ key: 'a', spent: 30, perSecond: 10, burst: RATE.burst + 10 }]);
  });
});
