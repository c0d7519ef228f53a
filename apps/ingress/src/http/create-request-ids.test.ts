import { isBareId, newId } from '@rollcall/platform';
import { expect, it } from 'vitest';
import { createRequestIds } from './create-request-ids';

it('names requests in order of time, unlike any other process, each with a bare id behind its prefix', () => {
  const before = newId();
  const [one, other] = [createRequestIds(), createRequestIds()];
  const names = Array.from({ length: 5_000 }, () => [one(), other()]);
  expect(new Set(names.flat()).size).toBe(10_000);
  expect(names.flat().every((name) => name.startsWith('req_') && isBareId(name.slice(4)))).toBe(true);
  const own = names.map(([name = '']) => name);
  expect(own).toEqual(own.toSorted());
  expect(own[0]?.slice(4) ?? '').toMatch(new RegExp(`^${before.slice(0, 5)}`));
});
