import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFurther, permitRate } from './permit-rate';

/** Sends as much as is allowed whenever it is looked at; answers when each attempt started. */
function send(rateLimit: number, looksAt: readonly number[]): number[] {
  let account: Date | null = null;
  return looksAt.flatMap((at) => {
    const { count, charge } = permitRate(rateLimit, account, new Date(at));
    account = charge(count);
    return Array.from({ length: count }, () => at);
  });
}

describe('permitRate', () => {
  it('limits nothing without a limit', () => {
    const { count, charge } = permitRate(null, null, new Date());
    expect([count, charge(5)]).toEqual([Infinity, null]);
  });

  it('spreads attempts evenly and saves nothing up in quiet times', () => {
    const everyMs = Array.from({ length: 3_000 }, (_, index) => 3_600_000 + index);
    expect(send(4, [0, 1, 2, ...everyMs])).toEqual([
      0, 3_600_000, 3_600_150, 3_600_400, 3_600_650, 3_600_900, 3_601_150, 3_601_400, 3_601_650, 3_601_900, 3_602_150,
      3_602_400, 3_602_650, 3_602_900,
    ]);
  });

  it('keeps every second within its limit and a tenth, whenever it is looked at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(fc.nat(5_000), { maxLength: 300 }), (limit, times) => {
        const sent = send(
          limit,
          times.toSorted((a, b) => a - b),
        );
        for (const start of new Set(sent)) {
          const within = sent.filter((at) => at >= start && at < start + 1_000).length;
          expect(within).toBeLessThanOrEqual(limit + limit / 10 + 1);
        }
      }),
    );
  });

  it('lets as many go over time when some make further requests, which it learns of afterwards', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 100 }),
        (limit, all) => {
          let account: Date | null = null;
          let at = 1_000_000;
          let requests = 0;
          for (const further of all) {
            at = Math.max(at, account?.getTime() ?? 0);
            const { count, charge } = permitRate(limit, account, new Date(at));
            expect(count).toBeGreaterThan(0);
            account = chargeFurther(limit, charge(1), further);
            requests += 1 + further;
          }
          const seconds = ((account?.getTime() ?? 0) - 1_000_000) / 1_000;
          expect(requests).toBeLessThanOrEqual(limit * (seconds + 0.1) + 1);
        },
      ),
    );
    expect(chargeFurther(null, null, 5)).toBeNull();
  });

  it('reaches its limit over time although it is looked at late', () => {
    const everyNine = Array.from({ length: 1_200 }, (_, index) => index * 9);
    expect(send(100, everyNine).length).toBeGreaterThan(1_070);
  });
});
