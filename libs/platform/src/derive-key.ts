import { hkdfSync } from 'node:crypto';

/** What a key is derived for; one key is never used for two purposes. */
export type KeyPurpose = 'sealing' | 'key-id' | 'access-token' | 'page-token' | 'session';

/** 32 bytes by HKDF-SHA-256 (RFC 5869) from `SECRET_KEY`, different for each purpose. */
export function deriveKey(secretKey: Uint8Array, purpose: KeyPurpose): Buffer {
  if (secretKey.length !== 32) throw new TypeError('the secret key has 32 bytes');
  return Buffer.from(hkdfSync('sha256', secretKey, new Uint8Array(0), `rollcall/${purpose}/v1`, 32));
}
