import { expect, it } from 'vitest';
import { countListed, decideAll, decideSome, NOTHING_HELD } from './decide-hold';

const hold = { id: '7', since: '2026-01-01T00:00:00.000Z' };
const state = { windowId: '3', hold, counts: { held: 5, deciding: 1, discarded: 2 } };

it('ends the hold with a decision about everyone, and counts afresh from it', () => {
  expect(decideAll(state, '9')).toEqual({ windowId: '9', hold: null, counts: { held: 0, deciding: 6, discarded: 2 } });
});

it('goes on holding the others after a decision about some', () => {
  expect(decideSome(state, '9', { held: 3, discarded: 1 })).toEqual({
    windowId: '3',
    hold,
    counts: { held: 2, deciding: 5, discarded: 1 },
  });
});

it('ends the hold with a decision about the last who are held, not with one about users discarded before', () => {
  expect(decideSome(state, '9', { held: 5, discarded: 0 })).toMatchObject({ windowId: '9', hold: null });
  const over = { windowId: '3', hold: null, counts: { held: 0, deciding: 0, discarded: 2 } };
  expect(decideSome(over, '9', { held: 0, discarded: 2 })).toEqual({
    windowId: '3',
    hold: null,
    counts: { held: 0, deciding: 2, discarded: 0 },
  });
});

it('counts what a list of held users shows', () => {
  expect([countListed(state), countListed(state, false), countListed(state, true)]).toEqual([8, 6, 2]);
  expect(countListed(NOTHING_HELD)).toBe(0);
});
