import { describe, expect, it } from 'vitest';
import { longestFairShare } from './fair-share';

describe('longestFairShare', () => {
  it('is 1 when all get on alike', () => {
    expect(
      longestFairShare([
        { work: 10, doneAfter: 60 },
        { work: 10, doneAfter: 60 },
      ]),
    ).toBeCloseTo(1);
    // 10 of each of three until the small ones are done, then the large one alone.
    const turns = [
      { work: 10, doneAfter: 30 },
      { work: 10, doneAfter: 30 },
      { work: 40, doneAfter: 60 },
    ];
    expect(longestFairShare(turns)).toBeCloseTo(1);
  });

  it('tells how much longer a small one waits for a large one', () => {
    const turns = [
      { work: 90, doneAfter: 90 },
      { work: 10, doneAfter: 100 },
    ];
    expect(longestFairShare(turns)).toBeCloseTo(100 / 20);
  });

  it('does not count against others that somebody was done early', () => {
    const turns = [
      { work: 50, doneAfter: 50 },
      { work: 50, doneAfter: 100 },
    ];
    expect(longestFairShare(turns)).toBeCloseTo(1);
  });
});
