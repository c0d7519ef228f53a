import { expect, it } from 'vitest';
import { mayGoTogether } from './may-go-together';
import { IN_FLIGHT_LIMITS } from './share-in-flight';

it('lets deliveries of different resources go together, unless the endpoint wants one after the other', () => {
  const together = ['none', 'resource', 'fifo'] as const;
  expect(together.map((ordering) => mayGoTogether(ordering, ['a']))).toEqual([true, true, true]);
  expect(together.map((ordering) => mayGoTogether(ordering, ['a', 'b']))).toEqual([true, true, false]);
  expect(together.map((ordering) => mayGoTogether(ordering, ['a', 'b', 'a']))).toEqual([true, false, false]);
});

it('lets no more go together than one endpoint takes at a time', () => {
  const resourceIds = Array.from({ length: IN_FLIGHT_LIMITS.perEndpoint }, (_, index) => String(index));
  expect(mayGoTogether('none', resourceIds)).toBe(true);
  expect(mayGoTogether('none', [...resourceIds, 'another'])).toBe(false);
});
