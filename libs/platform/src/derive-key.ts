import { hkdfSync } from 'node:crypto';

/**
 * What a key is derived for; one key is never used for two purposes. `passkey-challenge` and `single-sign-on` sign what is good for ten
 * minutes.
 */
export const KEY_PURPOSES = [
  'sealing',
  'key-id',
  'access-token',
  'access-token-pair',
  'page-token',
  'passkey-challenge',
  'single-sign-on',
  'unsubscribe',
] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** `SECRET_KEY` and `SECRET_KEY_PREVIOUS`: the newest key makes everything, the previous ones only open and verify. */
export interface SecretKeys {
  secretKey: Uint8Array;
  previousSecretKeys?: readonly Uint8Array[];
}

/** 32 bytes by HKDF-SHA-256 (RFC 5869) from `SECRET_KEY`, different for each purpose. */
export function deriveKey(secretKey: Uint8Array, purpose: KeyPurpose): Buffer {
  if (secretKey.length !== 32) throw new TypeError('the secret key has 32 bytes');
  return Buffer.from(hkdfSync('sha256', secretKey, new Uint8Array(0), `rollcall/${purpose}/v1`, 32));
}

/** Keys of one purpose: the newest, to sign with, then the previous ones, which only verify. */
export type DerivedKeys = readonly [newest: Buffer, ...previous: Buffer[]];

/** The keys of a purpose that a process signs and verifies with. */
export function deriveKeys({ secretKey, previousSecretKeys = [] }: SecretKeys, purpose: KeyPurpose): DerivedKeys {
  return [deriveKey(secretKey, purpose), ...previousSecretKeys.map((key) => deriveKey(key, purpose))];
}
