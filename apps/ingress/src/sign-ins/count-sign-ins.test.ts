import { expect, it } from 'vitest';
import type { SignIn } from '@rollcall/management';
import { SignInCounter } from './count-sign-ins';

const NOW = new Date('2026-11-29T10:00:30Z');

const refusal = (id: string, ipAddress = '203.0.113.1', reason: SignIn['reason'] = 'invalid_token'): SignIn => ({
  action: 'sign_in.refused',
  target: { type: 'directory', id },
  reason,
  origin: { ipAddress, requestId: null },
});

it('is one row for each target, reason and minute, with the number of attempts and the last address', () => {
  const counter = new SignInCounter();
  for (let n = 0; n < 10_000; n++) counter.add(refusal('a', `203.0.113.${n % 200}`), NOW);
  counter.add(refusal('a', '203.0.113.1', 'revoked'), NOW);
  counter.add(refusal('b'), NOW);
  counter.add(refusal('a'), new Date('2026-11-29T10:01:00Z'));
  const rows = counter.take();
  expect(rows.map(({ target, reason, count }) => [target.id, reason, count])).toEqual([
    ['a', 'invalid_token', 10_000],
    ['a', 'revoked', 1],
    ['b', 'invalid_token', 1],
    ['a', 'invalid_token', 1],
  ]);
  expect(rows[0]?.origin.ipAddress).toBe('203.0.113.199');
  expect(new Set(rows.map(({ id }) => id)).size).toBe(4);
  expect(counter.take()).toEqual([]);
});

it('names a row alike in every process', () => {
  const counters = [new SignInCounter(), new SignInCounter()];
  for (const counter of counters) counter.add(refusal('a'), NOW);
  const [one, other] = counters.map((counter) => counter.take()[0]?.id);
  expect(one).toBe(other);
});

it('keeps a bounded number of made-up ids, and none of them displaces what is known', () => {
  const counter = new SignInCounter();
  counter.know({ type: 'directory', id: 'known' });
  counter.add(refusal('known'), NOW);
  for (let n = 0; n < 20_000; n++) counter.add(refusal(`made-up-${n}`), NOW);
  counter.add(refusal('x'.repeat(10_000)), NOW);
  counter.add(refusal('a\0b'), NOW);
  const rows = counter.take();
  expect(rows).toHaveLength(1_001);
  expect(rows[0]?.target.id).toBe('known');
  expect(rows.at(-1)?.target.id).toBe('made-up-19999');
});

it('counts on in the same row when a target turns out to be known', () => {
  const counter = new SignInCounter();
  counter.add(refusal('a'), NOW);
  counter.know({ type: 'directory', id: 'a' });
  counter.add(refusal('a'), NOW);
  expect(counter.take()).toMatchObject([{ count: 2 }]);
});
