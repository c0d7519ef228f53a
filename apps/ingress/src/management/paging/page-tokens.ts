import { createHmac, timingSafeEqual } from 'node:crypto';

/** Makes opaque tokens of a position in a list and reads them back. `scope` names the list: a token works for no other. */
export interface OpaqueTokens {
  encode(position: unknown, scope: string): string;
  /** Null for anything that this server did not make for this scope. */
  decode(token: string, scope: string): unknown;
}

const MAC_BYTES = 12;

/** @param key `deriveKey(secretKey, 'page-token')` */
export function createOpaqueTokens(key: Uint8Array): OpaqueTokens {
  const sign = (body: Buffer, scope: string) =>
    createHmac('sha256', key).update(`${scope}\n`).update(body).digest().subarray(0, MAC_BYTES);
  return {
    encode(position, scope) {
      const body = Buffer.from(JSON.stringify(position));
      return Buffer.concat([sign(body, scope), body]).toString('base64url');
    },
    decode(token, scope) {
      const bytes = Buffer.from(token, 'base64url');
      const body = bytes.subarray(MAC_BYTES);
      if (body.length === 0 || !timingSafeEqual(bytes.subarray(0, MAC_BYTES), sign(body, scope))) return null;
      return JSON.parse(body.toString('utf8')) as unknown;
    },
  };
}
