import { describe, expect, it } from 'vitest';
import { createSecretHasher } from './create-secret-hasher';

describe('createSecretHasher', () => {
  it('stores argon2id hashes with 19 MiB, two passes and one lane', async () => {
    expect(await createSecretHasher().hash('s')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('tells the right secret from a wrong one', async () => {
    const hasher = createSecretHasher();
    const stored = { id: 'a', version: 1, hash: await hasher.hash('right') };
    expect(await hasher.verify('right', stored)).toBe(true);
    expect(await hasher.verify('wrong', stored)).toBe(false);
  });

  it('remembers a match only for that secret, id and version', async () => {
    const hasher = createSecretHasher();
    const stored = { id: 'a', version: 1, hash: await hasher.hash('right') };
    expect(hasher.isRemembered('right', stored)).toBe(false);
    await hasher.verify('right', stored);
    expect(hasher.isRemembered('right', stored)).toBe(true);
    expect(hasher.isRemembered('wrong', stored)).toBe(false);
    expect(hasher.isRemembered('right', { id: 'b', version: 1 })).toBe(false);
    expect(hasher.isRemembered('right', { id: 'a', version: 2 })).toBe(false);
  });

  it('does not accept the old secret once the hash has a new version', async () => {
    const hasher = createSecretHasher();
    await hasher.verify('old', { id: 'a', version: 1, hash: await hasher.hash('old') });
    expect(await hasher.verify('old', { id: 'a', version: 2, hash: await hasher.hash('new') })).toBe(false);
  });

  it('does not remember a mismatch as a match', async () => {
    const hasher = createSecretHasher();
    const stored = { id: 'a', version: 1, hash: await hasher.hash('right') };
    await hasher.verify('wrong', stored);
    expect(hasher.isRemembered('wrong', stored)).toBe(false);
    expect(await hasher.verify('wrong', stored)).toBe(false);
  });

  it('computes one hash for many requests that bring the same secret at once', async () => {
    // One place and no waiting room: were the verifications not shared, all but one would be refused.
    const hasher = createSecretHasher({ concurrency: 1, maxWaiting: 0 });
    const stored = { id: 'a', version: 1, hash: await hasher.hash('right') };
    const answers = await Promise.all(Array.from({ length: 20 }, () => hasher.verify('right', stored)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => true));
  });

  it('refuses callers beyond its bound as unavailable and serves the others', async () => {
    const hasher = createSecretHasher({ concurrency: 1, maxWaiting: 2 });
    const stored = { id: 'a', version: 1, hash: await hasher.hash('right') };
    const answers = await Promise.allSettled(['1', '2', '3', '4', '5'].map((s) => hasher.verify(s, stored)));
    expect(answers.map((a) => (a.status === 'fulfilled' ? a.value : a.reason))).toMatchObject([
      false,
      false,
      false,
      { kind: 'unavailable', retryAfterSeconds: 1 },
      { kind: 'unavailable', retryAfterSeconds: 1 },
    ]);
    expect(await hasher.verify('right', stored)).toBe(true);
  });

  it('frees its place when a stored hash is unreadable', async () => {
    const hasher = createSecretHasher({ concurrency: 1, maxWaiting: 0 });
    await expect(hasher.verify('s', { id: 'a', version: 1, hash: 'broken' })).rejects.toThrow(
      /hash|decod|encod|salt|invalid/i,
    );
    expect(await hasher.hash('s')).toContain('$argon2id$');
  });
});
