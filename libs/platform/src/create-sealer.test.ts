import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from './app-error';
import { createSealer } from './create-sealer';
import { deriveKey, KEY_PURPOSES } from './derive-key';

const sealer = createSealer({ secretKey: randomBytes(32) });

describe('createSealer', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, owner) => {
        const sealed = sealer.seal(plain, 'webhookSecret', owner);
        expect(sealer.open(sealed, 'webhookSecret', owner)).toBe(plain);
        expect(sealed.split('.')[1]).toBe(sealer.keyId);
      }),
    );
  });

  it('refuses a value that was moved to another row', () => {
    const sealed = sealer.seal('whsec_x', 'webhookSecret', 'a');
    expect(() => sealer.open(sealed, 'webhookSecret', 'b')).toThrow(AppError);
  });

  it('refuses a value in which a byte of the ciphertext or tag was changed', () => {
    const sealed = sealer.seal('whsec_x', 'webhookSecret', 'c');
    const [version, key, iv, body] = sealed.split('.');
    const bytes = Buffer.from(body ?? '', 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() =>
        sealer.open([version, key, iv, changed.toString('base64url')].join('.'), 'webhookSecret', 'c'),
      ).toThrow(AppError);
    }
  });

  it('refuses a truncated tag', () => {
    const [version, key, iv] = sealer.seal('', 'webhookSecret', 'c').split('.');
    expect(() => sealer.open([version, key, iv, 'AAAA'].join('.'), 'webhookSecret', 'c')).toThrow(AppError);
  });

  it('names both keys, and nothing secret, when another key sealed the value', () => {
    const other = createSealer({ secretKey: randomBytes(32) });
    const error = catchError(() => sealer.open(other.seal('top secret', 'webhookSecret', 'c'), 'webhookSecret', 'c'));
    expect(error).toMatchObject({ code: 'unsealable', kind: 'internal' });
    expect(error.internal).toContain(other.keyId);
    expect(error.internal).toContain(sealer.keyId);
    expect(error.message + (error.internal ?? '')).not.toContain('top secret');
  });

  it('opens what a previous key sealed, and seals with the newest', () => {
    const [secretKey, older, oldest] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const rotated = createSealer({ secretKey, previousSecretKeys: [older, oldest] });
    for (const previous of [older, oldest]) {
      const sealed = createSealer({ secretKey: previous }).seal('whsec_x', 'webhookSecret', 'a');
      expect(rotated.open(sealed, 'webhookSecret', 'a')).toBe('whsec_x');
    }
    const fresh = rotated.seal('whsec_y', 'webhookSecret', 'a');
    expect(createSealer({ secretKey }).open(fresh, 'webhookSecret', 'a')).toBe('whsec_y');
  });

  it('binds an owner as it always did, so that what is stored opens', () => {
    const stored = 'v1.f71ce018ed47d0c5.AQEBAQEBAQEBAQEB.9mqFBiLZp_2qBofq6Y_mC6Z9lCqTpGb9uw';
    const secretKey = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    expect(createSealer({ secretKey }).open(stored, 'webhookSecret', '01kag3v2q9x8w7n6m5k4j3h2g1')).toBe('whsec_abc');
  });

  it.each(['', 'v1', 'v2.a.b.c', 'plain text'])('refuses %j as no sealed value', (text) => {
    expect(() => sealer.open(text, 'webhookSecret', 'c')).toThrow(AppError);
  });
});

describe('deriveKey', () => {
  it('gives a different key for each purpose and the same one each time', () => {
    const key = randomBytes(32);
    const derive = () => KEY_PURPOSES.map((purpose) => deriveKey(key, purpose).toString('hex'));
    expect(derive()).toEqual(derive());
    expect(new Set(derive()).size).toBe(KEY_PURPOSES.length);
  });

  it('refuses a key that has not 32 bytes', () => {
    expect(() => deriveKey(randomBytes(16), 'sealing')).toThrow(TypeError);
  });
});

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
