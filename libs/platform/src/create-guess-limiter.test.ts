import { expect, it } from 'vitest';
import { createGuessLimiter } from './create-guess-limiter';
import type { Guess } from './create-guess-limiter';

function limiter() {
  let seconds = 0;
  const { count } = createGuessLimiter({ now: () => seconds * 1_000 });
  /** How many of so many wrong guesses are let through. */
  const guess = (times: number, from: string, at: string | null = 'client', of: Partial<Guess> = {}): number =>
    Array.from({ length: times }, () => {
      try {
        count({ at, from, ...of });
        return 1;
      } catch {
        return 0;
      }
    }).reduce((sum: number, one) => sum + one, 0);
  return { count, guess, wait: (some: number) => (seconds += some) };
}

it('lets one address guess some times at once and then slowly, whatever it guesses at', () => {
  const { count, guess, wait } = limiter();
  expect(guess(10, '203.0.113.1', null) + guess(90, '203.0.113.1')).toBe(20);
  expect(() => count({ at: 'other', from: '203.0.113.1' })).toThrow(
    expect.objectContaining({ kind: 'rate_limited', code: 'too_many_attempts', retryAfterSeconds: 2 }),
  );
  wait(60);
  expect(guess(90, '203.0.113.1')).toBe(20);
});

it('takes a network of IPv6 addresses for one', () => {
  const { guess } = limiter();
  const addresses = Array.from({ length: 100 }, (_, n) => `2001:db8:1:2::${n}`);
  expect(addresses.reduce((sum, address) => sum + guess(1, address), 0)).toBe(20);
  expect(guess(1, '2001:db8:1:3::1')).toBe(1);
});

it('slows the guesses at one secret, from however many addresses they come', () => {
  const { guess } = limiter();
  const addresses = Array.from({ length: 100 }, (_, n) => `203.0.113.${n}`);
  const through = addresses.reduce((sum, address) => sum + guess(20, address), 0);
  expect(through).toBe(30 + 60);
  expect(guess(1, '198.51.100.1', 'other')).toBe(1);
});

it('does not shut out the owner at an address of its own while strangers guess on and on', () => {
  const { guess, count, wait } = limiter();
  for (let round = 0; round < 40; round++) {
    for (let n = 0; n < 8; n++) guess(20, `203.0.113.${n}`);
    wait(1);
    expect(() => count({ at: 'client', from: '198.51.100.1' })()).not.toThrow();
  }
});

it('counts no guess that was right', () => {
  const { count } = limiter();
  const right = () => count({ at: 'client', from: '203.0.113.1' })();
  for (let times = 0; times < 100; times++) expect(right).not.toThrow();
});

it('bounds guesses at what is made up as those at what there is, and lets neither use up the other', () => {
  const addresses = Array.from({ length: 100 }, (_, n) => `203.0.113.${n}`);
  const { guess } = limiter();
  const all = (of: Partial<Guess>) => addresses.reduce((sum, address) => sum + guess(20, address, 'ann', of), 0);
  const real = limiter();
  expect(all({ isMadeUp: true })).toBe(addresses.reduce((sum, address) => sum + real.guess(20, address, 'ann'), 0));
  expect(guess(1, '198.51.100.1', 'ann')).toBe(1);
});

it('does not hold up an owner who came from the same address before, and bounds guesses from there all the same', () => {
  const { guess } = limiter();
  guess(100, '203.0.113.1', 'ann');
  for (let n = 2; n < 200; n += 1) guess(20, `203.0.113.${n}`, 'ann');
  expect(guess(1, '203.0.113.1', 'ann')).toBe(0);
  expect(guess(100, '203.0.113.1', 'ann', { isFamiliar: true })).toBe(20);
});
