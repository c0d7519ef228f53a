import { expect, it } from 'vitest';
import { findChanges, isChanged } from './find-changes';

it('names what differs, with null for what is absent on one side', () => {
  const before = { name: 'Acme', external_id: null, tags: ['a'], gone: 1 };
  const after = { name: 'Acme Inc', external_id: undefined, tags: ['a'], added: false };
  expect(findChanges(before, after)).toEqual({
    name: { from: 'Acme', to: 'Acme Inc' },
    gone: { from: 1, to: null },
    added: { from: null, to: false },
  });
});

it('finds nothing between equal objects', () => {
  expect(isChanged(findChanges({ a: { b: [1] } }, { a: { b: [1] } }))).toBe(false);
  expect(isChanged(findChanges({}, { a: 1 }))).toBe(true);
});
