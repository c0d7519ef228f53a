import { expect, it } from 'vitest';
import { changeGuard } from './change-guard';

const current = { maxUsers: 5, maxPercent: 20, windowSeconds: 60 };

it('keeps what a patch leaves out, and removes a limit that is set to null', () => {
  expect(changeGuard(current, {})).toEqual(current);
  expect(changeGuard(current, { maxUsers: null })).toEqual({ ...current, maxUsers: null });
  expect(changeGuard(current, { maxUsers: 0, windowSeconds: 30 })).toEqual({
    ...current,
    maxUsers: 0,
    windowSeconds: 30,
  });
});

it('switches on with a window of an hour, and off with null', () => {
  expect(changeGuard(null, { maxPercent: 10 })).toEqual({ maxUsers: null, maxPercent: 10, windowSeconds: 3_600 });
  expect(changeGuard(current, null)).toBeNull();
});

it.each([
  [null, {}],
  [null, { windowSeconds: 60 }],
  [current, { maxUsers: null, maxPercent: null }],
  [{ ...current, maxUsers: null }, { maxPercent: null }],
])('refuses %o with %o, which leaves no limit', (before, patch) => {
  expect(() => changeGuard(before, patch)).toThrow(
    expect.objectContaining({ code: 'deprovision_guard_without_limit' }),
  );
});
