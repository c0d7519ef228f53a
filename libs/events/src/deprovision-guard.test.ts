import { describe, expect, it } from 'vitest';
import { exceedsGuard, suggestGuard } from './deprovision-guard';
import { DeprovisionWindow } from './deprovision-window';

const at = (seconds: number) => new Date(seconds * 1_000);

describe('exceedsGuard', () => {
  it.each([
    [{ maxUsers: 50, maxPercent: null }, 50, 300, false],
    [{ maxUsers: 50, maxPercent: null }, 51, 300, true],
    [{ maxUsers: null, maxPercent: 20 }, 60, 300, false],
    [{ maxUsers: null, maxPercent: 20 }, 61, 300, true],
    [{ maxUsers: 50, maxPercent: 20 }, 11, 50, true],
    [{ maxUsers: 10, maxPercent: 100 }, 11, 5_000, true],
    [{ maxUsers: 0, maxPercent: null }, 1, 300, true],
    [{ maxUsers: null, maxPercent: 0.5 }, 6, 1_000, true],
  ])('with %o takes %i of %i users as too many: %s', (limits, count, totalUsers, exceeded) => {
    expect(exceedsGuard({ ...limits, windowSeconds: 60 }, count, totalUsers)).toBe(exceeded);
  });
});

describe('suggestGuard', () => {
  it('lets a single user of the smallest directory go', () => {
    for (const size of [0, 1, 5, 24, 25, 26, 100]) expect(exceedsGuard(suggestGuard(size), 1, size)).toBe(false);
  });

  it.each([
    [5, 6],
    [25, 6],
    [100, 21],
    [300, 51],
    [1_000, 51],
    [20_000, 1_001],
  ])('holds when of %i users %i go, and not one fewer', (size, count) => {
    expect(exceedsGuard(suggestGuard(size), count - 1, size)).toBe(false);
    expect(exceedsGuard(suggestGuard(size), count, size)).toBe(true);
  });
});

describe('DeprovisionWindow', () => {
  const row = (userId: string, seconds: number, deleted = false) => ({ userId, time: at(seconds), deleted });

  it('counts who went within the window, and forgets who went before', () => {
    const window = new DeprovisionWindow([row('a', 0), row('b', 30), row('c', 59, true)]);
    expect(window.countWith('d', at(59), 60)).toEqual({ count: 4, deleted: 1 });
    expect(window.countWith('d', at(60), 60)).toEqual({ count: 3, deleted: 1 });
    expect(window.countWith('d', at(119), 60)).toEqual({ count: 1, deleted: 0 });
  });

  it('counts a user once, deactivated and deleted', () => {
    const window = new DeprovisionWindow([]);
    window.add(row('a', 1));
    window.markDeleted('a');
    window.markDeleted('never-active');
    expect(window.countWith('b', at(2), 60)).toEqual({ count: 2, deleted: 1 });
    expect(window.writes()).toEqual({ adds: [row('a', 1, true)], removes: [] });
  });

  it('counts a user no longer who is active again, and tells so even when it was not loaded', () => {
    const window = new DeprovisionWindow([row('a', 1)]);
    window.remove('a');
    window.remove('b');
    expect(window.countWith('c', at(2), 60)).toEqual({ count: 1, deleted: 0 });
    expect(window.writes()).toEqual({ adds: [], removes: ['a', 'b'] });
  });
});
