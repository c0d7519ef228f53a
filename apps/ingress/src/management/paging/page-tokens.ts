import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DerivedKeys } from '@rollcall/platform';

/** Makes opaque tokens of a position in a list and reads them back. `scope` names the list: a token works for no other. */
export interface OpaqueTokens {
  encode(position: unknown, scope: string): string;
  /** Null for anything that this server did not make for this scope. */
  decode(token: string, scope: string): unknown;
}

const MAC_BYTES = 12;

/** @param keys `deriveKeys(config, 'page-token')` */
export function createOpaqueTokens(keys: DerivedKeys): OpaqueTokens {
  const sign = (key: Buffer, body: Buffer, scope: string) =>
    createHmac('sha256', key).update(`${scope}\n`).update(body).digest().subarray(0, MAC_BYTES);
  return {
    encode(position, scope) {
      const body = Buffer.from(JSON.stringify(position));
      return Buffer.concat([sign(keys[0], body, scope), body]).toString('base64url');
    },
    decode(token, scope) {
      const bytes = Buffer.from(token, 'base64url');
      const [mac, body] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
      const isGenuine = body.length > 0 && keys.some((key) => timingSafeEqual(mac, sign(key, body, scope)));
      return isGenuine ? (JSON.parse(body.toString('utf8')) as unknown) : null;
    },
  };
}
