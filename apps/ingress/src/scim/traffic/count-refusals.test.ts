import { expect, it } from 'vitest';
import { RefusalCounter } from './count-refusals';
import type { Refusal } from './count-refusals';

const NOW = new Date('2026-11-29T10:00:30Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

const refusal = (directoryId: string, reason: Refusal['reason'] = 'invalid_token'): Refusal => ({
  directoryId,
  reason,
  status: 401,
  scimType: null,
  isToken: true,
});

it('writes the first at once, and what follows within a minute together', () => {
  const counter = new RefusalCounter();
  counter.add(refusal('a'), NOW);
  expect(counter.takeDue(later(1))).toMatchObject([{ directoryId: 'a', count: 1, firstTime: NOW }]);
  for (let n = 0; n < 10_000; n++) counter.add(refusal('a'), later(2));
  expect(counter.takeDue(later(60))).toEqual([]);
  expect(counter.takeDue(later(61))).toMatchObject([{ count: 10_000, firstTime: later(2) }]);
  expect(counter.takeDue(later(1_000))).toEqual([]);
});

it('tells whether a token of ours was among what was refused, also when garbage came after it', () => {
  const counter = new RefusalCounter();
  const garbage = { ...refusal('a'), isToken: false };
  counter.add(garbage, NOW);
  expect(counter.takeDue(NOW)).toMatchObject([{ isToken: false }]);
  for (const next of [garbage, refusal('a'), garbage]) counter.add(next, later(1));
  expect(counter.takeDue(later(61))).toMatchObject([{ isToken: true, count: 3 }]);
});

it('counts each directory and each reason by itself', () => {
  const counter = new RefusalCounter();
  counter.add(refusal('a'), NOW);
  counter.add(refusal('a', 'conflict'), NOW);
  counter.add(refusal('b'), NOW);
  expect(counter.takeDue(NOW).map(({ directoryId, reason }) => [directoryId, reason])).toEqual([
    ['a', 'invalid_token'],
    ['a', 'conflict'],
    ['b', 'invalid_token'],
  ]);
});

it('forgets a refused token that is made good before it was written, and nothing else', () => {
  const counter = new RefusalCounter();
  counter.add(refusal('a'), NOW);
  counter.add(refusal('a', 'conflict'), NOW);
  counter.add(refusal('b'), NOW);
  counter.accepted('a');
  expect(counter.takeDue(NOW).map(({ directoryId, reason }) => [directoryId, reason])).toEqual([
    ['a', 'conflict'],
    ['b', 'invalid_token'],
  ]);
});

it('keeps a bounded number of made-up ids, and none of them displaces what is known', () => {
  const counter = new RefusalCounter();
  counter.know('known');
  counter.add(refusal('known'), NOW);
  for (let n = 0; n < 20_000; n++) counter.add(refusal(`made-up-${n}`), NOW);
  const rows = counter.takeAll();
  expect(rows).toHaveLength(1_001);
  expect(rows[0]?.directoryId).toBe('known');
});
