import { expect, it } from 'vitest';
import { takeLoopTurns } from './take-loop-turns';

it('begins what comes together in turns of their own, owners in turn, and lets others in between', async () => {
  const turn = takeLoopTurns();
  const order: string[] = [];
  const work = async (name: string) => {
    await turn(name.charAt(0));
    order.push(name);
  };
  const all = ['a1', 'a2', 'a3', 'a4', 'b1'].map(work);
  setImmediate(() => order.push('other'));
  await Promise.all(all);
  expect(order.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
  expect(order.indexOf('b1')).toBeLessThan(order.indexOf('a3'));
  expect(order.indexOf('other')).toBeLessThan(order.indexOf('a3'));
});
