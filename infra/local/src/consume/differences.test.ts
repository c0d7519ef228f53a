import { expect, it } from 'vitest';
import { findDifferences, toPatch } from './differences';

it('names what is wanted and not so, and leaves alone what is not named', () => {
  const wanted = { name: 'Acme', enabled: true, types: ['a'], note: undefined, extra: 'new' };
  const present = { name: 'Acme', enabled: false, types: ['a'], note: 'kept', other: 1 };
  const differences = findDifferences(wanted, present);
  expect(differences).toEqual([
    { key: 'enabled', from: false, to: true },
    { key: 'extra', from: null, to: 'new' },
  ]);
  expect(toPatch(differences)).toEqual({ enabled: true, extra: 'new' });
});

it('takes a list in another order for another list, and an absent key for null', () => {
  expect(findDifferences({ types: ['a', 'b'] }, { types: ['b', 'a'] })).toHaveLength(1);
  expect(findDifferences({ metadata: null }, {})).toEqual([]);
});
