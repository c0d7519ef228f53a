import { describe, expect, it } from 'vitest';
import { busyMsOf, shareOfOthers } from './watch-machine';

const STAT = 'cpu  100 1 20 5000 300 2 3 4 50 0\ncpu0 50 0 10 2500 150 1 1 2 25 0\n';

describe('busyMsOf', () => {
  it('adds up what is used and what the host takes, but not what waits', () => {
    expect(busyMsOf(STAT)).toBe((100 + 1 + 20 + 2 + 3 + 4) * 10);
  });
});

describe('shareOfOthers', () => {
  const before = { at: 1_000, busyMs: 5_000, ownMs: 300 };

  it('is what is left when our own use is taken off, of all processors', () => {
    expect(shareOfOthers(before, { at: 2_000, busyMs: 6_500, ownMs: 800 }, 2)).toBeCloseTo(0.5);
    expect(shareOfOthers(before, { at: 2_000, busyMs: 5_500, ownMs: 800 }, 2)).toBe(0);
  });

  it('stays within a whole machine, whatever the clocks say', () => {
    expect(shareOfOthers(before, { at: 2_000, busyMs: 9_000, ownMs: 300 }, 2)).toBe(1);
    expect(shareOfOthers(before, { at: 2_000, busyMs: 5_300, ownMs: 700 }, 2)).toBe(0);
  });

  it('is unknown where it cannot be read', () => {
    expect(shareOfOthers(undefined, before, 2)).toBeUndefined();
    expect(shareOfOthers(before, before, 2)).toBeUndefined();
  });
});
