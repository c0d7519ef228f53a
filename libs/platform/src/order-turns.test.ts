import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderTurns } from './order-turns';
import type { TurnLimits } from './order-turns';

interface Step {
  kind: 'join' | 'end';
  owner: string;
}

const owner = fc.constantFrom('a', 'b', 'c', 'd');
const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ kind: fc.constantFrom('join', 'end'), owner }), {
  maxLength: 120,
  size: 'max',
});
const limits: fc.Arbitrary<TurnLimits> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .map(([one, other]) => ({ atOnce: Math.max(one, other), perOwner: Math.min(one, other) }));

interface Item {
  owner: string;
  number: number;
}

/** Plays steps and takes every turn as soon as it may begin; items in the order of their turns, and how many ran at most. */
function play(given: TurnLimits, played: readonly Step[]) {
  const order = orderTurns<Item>(given);
  const running: Item[] = [];
  const waiting: Item[] = [];
  const started: Item[] = [];
  let most = 0;
  let mostOfOne = 0;
  /** Of each item that waits, whose turns began since it could have had its own. */
  const passedBy = new Map<Item, string[]>();
  let longestPassed = 0;
  const countOf = (name: string) => running.filter((item) => item.owner === name).length;
  const begin = () => {
    for (let item = order.next(); item; item = order.next()) {
      waiting.splice(waiting.indexOf(item), 1);
      running.push(item);
      started.push(item);
      most = Math.max(most, running.length);
      mostOfOne = Math.max(mostOfOne, countOf(item.owner));
      const first = (name: string) => waiting.find((other) => other.owner === name);
      for (const other of waiting) {
        if (other !== first(other.owner) || countOf(other.owner) >= given.perOwner) passedBy.delete(other);
        else passedBy.set(other, [...(passedBy.get(other) ?? []), item.owner]);
        const passes = (passedBy.get(other) ?? []).filter((name) => name !== other.owner);
        longestPassed = Math.max(longestPassed, passes.length - new Set(passes).size);
      }
    }
  };
  played.forEach((step, number) => {
    if (step.kind === 'join') {
      const item = { owner: step.owner, number };
      waiting.push(item);
      order.join(step.owner, item);
    } else {
      const index = running.findIndex((item) => item.owner === step.owner);
      if (index === -1) return;
      running.splice(index, 1);
      order.end(step.owner);
    }
    begin();
  });
  return { order, started, waiting, running, most, mostOfOne, longestPassed };
}

describe('orderTurns', () => {
  it('never gives more turns at once than there are, in all or to one owner', () => {
    fc.assert(
      fc.property(limits, steps, (given, played) => {
        const { most, mostOfOne } = play(given, played);
        expect(most).toBeLessThanOrEqual(given.atOnce);
        expect(mostOfOne).toBeLessThanOrEqual(given.perOwner);
      }),
    );
  });

  it('leaves no place empty that somebody who waits may have', () => {
    fc.assert(
      fc.property(limits, steps, (given, played) => {
        const { waiting, running } = play(given, played);
        if (running.length === given.atOnce) return;
        for (const item of waiting) {
          expect(running.filter((other) => other.owner === item.owner)).toHaveLength(given.perOwner);
        }
      }),
    );
  });

  it('lets no owner have two turns while another one waits that may have one', () => {
    fc.assert(
      fc.property(limits, steps, (given, played) => {
        expect(play(given, played).longestPassed).toBe(0);
      }),
    );
  });

  it('keeps the order of what one owner asks for, and counts what waits', () => {
    fc.assert(
      fc.property(limits, steps, (given, played) => {
        const { order, started, waiting } = play(given, played);
        for (const name of ['a', 'b', 'c', 'd']) {
          const numbers = started.filter((item) => item.owner === name).map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          expect(order.waiting(name)).toBe(waiting.filter((item) => item.owner === name).length);
        }
      }),
    );
  });
});
