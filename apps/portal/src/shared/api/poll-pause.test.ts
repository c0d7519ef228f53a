import { describe, expect, it } from 'vitest';
import { pollPauseMs, type Asked } from './poll-pause';
import { PortalError } from './portal-error';

const NEVER: Asked = { dataUpdatedAt: 0, errorUpdatedAt: 0, errorUpdateCount: 0, error: null };

/** A question whose answers and failures come one after another, at these times. */
function ask() {
  const query = { state: NEVER };
  return {
    query,
    answer: (at: number) => {
      query.state = { ...query.state, dataUpdatedAt: at, error: null };
      return pollPauseMs(5_000, query);
    },
    fail: (at: number, error: Error = new PortalError(500, 'internal', '')) => {
      const errorUpdateCount = query.state.errorUpdateCount + 1;
      query.state = { ...query.state, errorUpdatedAt: at, errorUpdateCount, error };
      return pollPauseMs(5_000, query);
    },
  };
}

describe('pollPauseMs', () => {
  it('is the interval before the first answer, and while there are answers', () => {
    const { query, answer } = ask();
    expect(pollPauseMs(1_500, query)).toBe(1_500);
    expect([answer(1_000), answer(2_000)]).toEqual([5_000, 5_000]);
  });

  it('doubles with each failure, whatever failed, and is bounded', () => {
    const { fail } = ask();
    const pauses = [1, 2, 3, 4, 5, 6].map((n) => fail(n * 1_000));
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('begins anew after an answer, however long the page had not asked', () => {
    const { answer, fail } = ask();
    fail(1_000);
    fail(2_000);
    expect([answer(3_000), fail(3_600_000), fail(3_605_000)]).toEqual([5_000, 5_000, 10_000]);
  });

  it('differs between browsers that failed at nearly the same time, and not from one reading to the next', () => {
    const pauses = [100, 500, 900].map((ms) => {
      const { query, fail } = ask();
      fail(1_000);
      const pause = fail(2_000 + ms);
      expect(pollPauseMs(5_000, query)).toBe(pause);
      return pause;
    });
    expect(new Set(pauses).size).toBe(3);
    for (const pause of pauses) expect(pause >= 7_500 && pause <= 10_000).toBe(true);
  });

  it('is at least what the server asked for', () => {
    const { fail, answer } = ask();
    expect(fail(1_000, new PortalError(429, 'rate_limited', '', undefined, 90_000))).toBe(90_000);
    expect(answer(2_000)).toBe(5_000);
  });
});
