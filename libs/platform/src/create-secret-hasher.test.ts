import { describe, expect, it } from 'vitest';
import { createSecretHasher, isKeyedHash } from './create-secret-hasher';
import type { SecretHasherOptions, SlowHash } from './create-secret-hasher';

const PEPPER = Buffer.alloc(32, 7);
const FROM = '203.0.113.1';

const hasherWith = (options: Partial<SecretHasherOptions> = {}) =>
  createSecretHasher({ pepper: () => PEPPER, ...options });

/** Every form that a hash is stored in. */
const FORMS = [
  ['a chosen secret', (secret: string) => hasherWith().hashChosen(secret)],
  ['a generated secret', (secret: string) => Promise.resolve(hasherWith().hashGenerated(secret))],
] as const;

describe.each(FORMS)('of %s', (_name, store) => {
  it('tells the right one from a wrong one', async () => {
    const hasher = hasherWith();
    const stored = { id: 'a', version: 1, hash: await store('right') };
    expect(await hasher.verify('right', stored, FROM)).toBe(true);
    expect(await hasher.verify('wrong', stored, FROM)).toBe(false);
  });

  it('remembers a match only for that secret, id and version', async () => {
    const hasher = hasherWith();
    const stored = { id: 'a', version: 1, hash: await store('right') };
    expect(hasher.isRemembered('right', stored)).toBe(false);
    await hasher.verify('right', stored, FROM);
    expect(hasher.isRemembered('right', stored)).toBe(true);
    expect(hasher.isRemembered('wrong', stored)).toBe(false);
    expect(hasher.isRemembered('right', { id: 'b', version: 1 })).toBe(false);
    expect(hasher.isRemembered('right', { id: 'a', version: 2 })).toBe(false);
  });

  it('does not accept the old one once the hash has a new version', async () => {
    const hasher = hasherWith();
    await hasher.verify('old', { id: 'a', version: 1, hash: await store('old') }, FROM);
    expect(await hasher.verify('old', { id: 'a', version: 2, hash: await store('new') }, FROM)).toBe(false);
  });

  it('does not remember a mismatch as a match', async () => {
    const hasher = hasherWith();
    const stored = { id: 'a', version: 1, hash: await store('right') };
    await hasher.verify('wrong', stored, FROM);
    expect(hasher.isRemembered('wrong', stored)).toBe(false);
    expect(await hasher.verify('wrong', stored, FROM)).toBe(false);
  });

  it('refuses wrong ones that go on, as too many attempts, and still takes the right one from elsewhere', async () => {
    const hasher = hasherWith();
    const stored = { id: 'a', version: 1, hash: await store('right') };
    const answers = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => hasher.verify(`${n}`, stored, FROM)));
    expect(answers.filter((a) => a.status === 'rejected').map((a) => a.reason)).toMatchObject(
      Array.from({ length: 10 }, () => ({ kind: 'rate_limited', retryAfterSeconds: 2 })),
    );
    expect(await hasher.verify('right', stored, '198.51.100.1')).toBe(true);
  });
});

describe('a chosen secret', () => {
  it('is stored as argon2id with 19 MiB, two passes and one lane', async () => {
    expect(await hasherWith().hashChosen('s')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('costs one hash for many requests that bring it at once', async () => {
    // One place and no waiting room: were the verifications not shared, all but one would be refused.
    const hasher = hasherWith({ maxWaiting: 0 });
    const stored = { id: 'a', version: 1, hash: await hasher.hashChosen('right') };
    const answers = await Promise.all(Array.from({ length: 50 }, () => hasher.verify('right', stored, FROM)));
    expect(answers).toEqual(Array.from({ length: 50 }, () => true));
  });

  it('is not hashed for guesses beyond their bound', async () => {
    const computed: SlowHash[] = [];
    const hasher = hasherWith({ onSlowHash: (purpose) => computed.push(purpose) });
    const stored = { id: 'a', version: 1, hash: await hasherWith().hashChosen('right') };
    await Promise.allSettled(Array.from({ length: 300 }, (_, n) => hasher.verify(`${n}`, stored, FROM)));
    expect(computed).toEqual(Array.from({ length: 20 }, () => 'verify'));
  });

  it('is refused beyond the bound as unavailable, and others are served', async () => {
    const hasher = hasherWith({ maxWaiting: 2 });
    const stored = { id: 'a', version: 1, hash: await hasher.hashChosen('right') };
    const answers = await Promise.allSettled(['1', '2', '3', '4', '5'].map((s) => hasher.verify(s, stored, FROM)));
    expect(answers.map((a) => (a.status === 'fulfilled' ? a.value : a.reason))).toMatchObject([
      false,
      false,
      false,
      { kind: 'unavailable', retryAfterSeconds: 1 },
      { kind: 'unavailable', retryAfterSeconds: 1 },
    ]);
    expect(await hasher.verify('right', stored, FROM)).toBe(true);
  });

  it('frees its place when a stored hash is unreadable', async () => {
    const hasher = hasherWith({ maxWaiting: 0 });
    await expect(hasher.verify('s', { id: 'a', version: 1, hash: 'broken' }, FROM)).rejects.toThrow(
      /hash|decod|encod|salt|invalid/i,
    );
    expect(await hasher.hashChosen('s')).toContain('$argon2id$');
  });
});

describe('a generated secret, and one of which nothing is stored', () => {
  it('cost no argon2id, right or wrong', async () => {
    const computed: SlowHash[] = [];
    const hasher = hasherWith({ maxWaiting: 0, onSlowHash: (purpose) => computed.push(purpose) });
    const stored = { id: 'a', version: 1, hash: hasher.hashGenerated('right') };
    expect(isKeyedHash(stored.hash)).toBe(true);
    await hasher.verify('wrong', stored, FROM);
    await hasher.verify('right', stored, FROM);
    expect(await hasher.verify('any', null, FROM)).toBe(false);
    expect(computed).toEqual([]);
  });

  it('is taken from an address that has guessed too often, because it cannot be guessed', async () => {
    const hasher = hasherWith();
    const stored = { id: 'a', version: 1, hash: hasher.hashGenerated('right') };
    await Promise.allSettled(Array.from({ length: 100 }, () => hasher.verify('wrong', stored, FROM)));
    await expect(hasher.verify('wrong', stored, FROM)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(await hasher.verify('right', stored, FROM)).toBe(true);
  });

  it('matches under its pepper alone', async () => {
    const stored = { id: 'a', version: 1, hash: hasherWith().hashGenerated('right') };
    expect(await hasherWith({ pepper: () => Buffer.alloc(32, 8) }).verify('right', stored, FROM)).toBe(false);
  });
});
