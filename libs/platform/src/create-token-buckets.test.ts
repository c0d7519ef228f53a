import { expect, it } from 'vitest';
import { createTokenBuckets } from './create-token-buckets';

function buckets(maxKeys = 10) {
  let seconds = 0;
  const made = createTokenBuckets({ capacity: 3, perSecond: 0.5, maxKeys, now: () => seconds * 1_000 });
  return { ...made, wait: (some: number) => (seconds += some) };
}

it('has as many tokens as fit, and then as many as flow in', () => {
  const some = buckets();
  for (let count = 0; count < 3; count++) {
    expect(some.secondsUntilOne('a')).toBe(0);
    some.take('a');
  }
  expect(some.secondsUntilOne('a')).toBe(2);
  some.wait(1);
  expect(some.secondsUntilOne('a')).toBe(1);
  some.wait(1);
  expect(some.secondsUntilOne('a')).toBe(0);
  some.wait(1_000);
  for (let count = 0; count < 3; count++) some.take('a');
  expect(some.secondsUntilOne('a')).toBe(2);
});

it('keeps keys apart, and is full again when all was given back', () => {
  const some = buckets();
  some.take('a');
  expect([some.isFull('a'), some.isFull('b')]).toEqual([false, true]);
  some.giveBack('a');
  some.giveBack('a');
  expect(some.isFull('a')).toBe(true);
  for (let count = 0; count < 3; count++) some.take('a');
  expect(some.secondsUntilOne('a')).toBeGreaterThan(0);
});

it('forgets the bucket that was longest unused, so that names without end take no memory', () => {
  const some = buckets(2);
  for (const key of ['a', 'b', 'c']) some.take(key);
  expect(['a', 'b', 'c'].map((key) => some.isFull(key))).toEqual([true, false, false]);
});
