import { expect, it } from 'vitest';
import { findInUse } from './find-in-use';

const used = (id: string, last_used_time: string | null) => ({ id, last_used_time });

it('finds the token that was used last', () => {
  const secrets = [used('new', '2026-11-29T12:00:00Z'), used('old', '2026-11-29T08:00:00Z'), used('never', null)];
  expect([...findInUse(secrets)]).toEqual(['new']);
});

it('finds both while a provider is being moved from one to the other', () => {
  expect(findInUse([used('a', '2026-11-29T12:00:00Z'), used('b', '2026-11-29T11:55:00Z')]).size).toBe(2);
});

it('finds none while none was used', () => {
  expect(findInUse([used('a', null)]).size).toBe(0);
  expect(findInUse([]).size).toBe(0);
});
