import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { issueChallenge, readChallenge } from './issue-challenge';

const [key, other] = [randomBytes(32), randomBytes(32)];
const now = new Date('2026-11-29T10:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);

it('tells when a challenge of that purpose was made, also after the key has changed', () => {
  const challenge = issueChallenge([key], 'sign-in', now);
  expect(readChallenge([key], challenge, 'sign-in', after(5))).toBe(now.getTime());
  expect(readChallenge([other, key], challenge, 'sign-in', after(5))).toBe(now.getTime());
});

it('takes no challenge of another purpose or key, an old one, or one that was changed', () => {
  const challenge = issueChallenge([key], 'sign-in', now);
  expect(readChallenge([key], challenge, 'sign-in of another', after(5))).toBeNull();
  expect(readChallenge([other], challenge, 'sign-in', after(5))).toBeNull();
  expect(readChallenge([key], challenge, 'sign-in', after(600_000))).toBeNull();
  expect(readChallenge([key], challenge.subarray(1), 'sign-in', after(5))).toBeNull();
  for (let index = 0; index < challenge.length; index += 1) {
    const changed = Buffer.from(challenge);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(readChallenge([key], changed, 'sign-in', after(5)), `byte ${index}`).toBeNull();
  }
});

it('makes no challenge twice', () => {
  const made = Array.from({ length: 100 }, () => issueChallenge([key], 'sign-in', now).toString('hex'));
  expect(new Set(made).size).toBe(100);
});
