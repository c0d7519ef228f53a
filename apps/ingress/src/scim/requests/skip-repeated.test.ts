import { expect, it } from 'vitest';
import { RepeatedRefusals } from './skip-repeated';

it('leaves out what is over a limit but for one a minute of each directory, and tells how many', () => {
  const repeated = new RepeatedRefusals();
  const skipped = Array.from({ length: 1_000 }, (_, n) => repeated.skip('flood', 429, n));
  expect(skipped.filter((isSkipped) => !isSkipped)).toHaveLength(1);
  expect([repeated.skip('flood', 200, 1_000), repeated.skip('quiet', 429, 1_000)]).toEqual([false, false]);
  expect([repeated.takeSkipped('flood'), repeated.takeSkipped('flood'), repeated.takeSkipped('quiet')]).toEqual([
    999, 0, 0,
  ]);
  expect([repeated.skip('flood', 429, 59_999), repeated.skip('flood', 429, 60_000)]).toEqual([true, false]);
  expect(repeated.takeSkipped('flood')).toBe(1);
});
