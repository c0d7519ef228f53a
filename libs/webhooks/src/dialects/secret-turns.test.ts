import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecretTurns } from './secret-turns';

const secrets = ['newest', 'older', 'oldest'];

it('takes the secrets by turns over the attempts of a delivery while nothing is known of the receiver', () => {
  const turns = new SecretTurns();
  expect([1, 2, 3, 4].map((attempt) => turns.choose(secrets, attempt))).toEqual([...secrets, 'newest']);
  expect(turns.choose([], 1)).toBeUndefined();
});

it('finds the secret of a receiver with as many refusals as there are others, and finds it anew when that changes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...secrets), { minLength: 1 }), fc.array(fc.nat(5)), (owned, attempts) => {
      const turns = new SecretTurns();
      for (const own of owned) {
        const refusals = [1, 1, 1, ...attempts.map((attempt) => attempt + 1)].filter((attempt) => {
          const secret = turns.choose(secrets, attempt) ?? '';
          turns.learn(secret, secrets, secret === own);
          return secret !== own;
        });
        expect(refusals.length).toBeLessThan(secrets.length);
      }
    }),
  );
});

it('counts the refusals of what was on the way together as one, and forgets a secret that is live no more', () => {
  const turns = new SecretTurns();
  for (let n = 0; n < 10; n += 1) turns.learn('newest', secrets, false);
  expect(turns.choose(secrets, 1)).toBe('older');
  expect(turns.choose(['newest'], 1)).toBe('newest');
});
