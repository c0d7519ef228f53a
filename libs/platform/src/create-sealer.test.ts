import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from './app-error';
import { createSealer } from './create-sealer';
import { deriveKey } from './derive-key';

const sealer = createSealer(randomBytes(32));

describe('createSealer', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        const sealed = sealer.seal(plain, context);
        expect(sealer.open(sealed, context)).toBe(plain);
        expect(sealed.split('.')[1]).toBe(sealer.keyId);
      }),
    );
  });

  it('refuses a value that was moved to another context', () => {
    const sealed = sealer.seal('whsec_x', 'endpoint:a');
    expect(() => sealer.open(sealed, 'endpoint:b')).toThrow(AppError);
  });

  it('refuses a value in which a byte of the ciphertext or tag was changed', () => {
    const sealed = sealer.seal('whsec_x', 'c');
    const [version, key, iv, body] = sealed.split('.');
    const bytes = Buffer.from(body ?? '', 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => sealer.open([version, key, iv, changed.toString('base64url')].join('.'), 'c')).toThrow(AppError);
    }
  });

  it('refuses a truncated tag', () => {
    const [version, key, iv] = sealer.seal('', 'c').split('.');
    expect(() => sealer.open([version, key, iv, 'AAAA'].join('.'), 'c')).toThrow(AppError);
  });

  it('names both keys, and nothing secret, when another key sealed the value', () => {
    const other = createSealer(randomBytes(32));
    const error = catchError(() => sealer.open(other.seal('top secret', 'c'), 'c'));
    expect(error).toMatchObject({ code: 'unsealable', kind: 'internal' });
    expect(error.internal).toContain(other.keyId);
    expect(error.internal).toContain(sealer.keyId);
    expect(error.message + (error.internal ?? '')).not.toContain('top secret');
  });

  it.each(['', 'v1', 'v2.a.b.c', 'plain text'])('refuses %j as no sealed value', (text) => {
    expect(() => sealer.open(text, 'c')).toThrow(AppError);
  });
});

describe('deriveKey', () => {
  it('gives a different key for each purpose and the same one each time', () => {
    const key = randomBytes(32);
    expect(deriveKey(key, 'sealing')).toEqual(deriveKey(key, 'sealing'));
    expect(deriveKey(key, 'sealing')).not.toEqual(deriveKey(key, 'access-token'));
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
