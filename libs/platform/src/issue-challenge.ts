import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DerivedKeys } from './derive-key';

const TIME_BYTES = 6;
const RANDOM_BYTES = 16;
const MAC_BYTES = 32;
/** How long a challenge can be answered. */
const LIFETIME_MS = 10 * 60_000;

/**
 * A challenge that a browser has to sign (WebAuthn): its time, 128 random bits, and a MAC over both and what it is for. So nobody
 * stores one for whoever asks, and one that was made for another purpose, or elsewhere, is none.
 * @param purpose also what it is bound to, such as the id of a member
 */
export function issueChallenge([key]: DerivedKeys, purpose: string, now: Date): Buffer<ArrayBuffer> {
  const head = Buffer.alloc(TIME_BYTES + RANDOM_BYTES);
  head.writeUIntBE(now.getTime(), 0, TIME_BYTES);
  randomBytes(RANDOM_BYTES).copy(head, TIME_BYTES);
  return Buffer.concat([head, macOf(key, purpose, head)]);
}

/**
 * When a challenge was made, in milliseconds; null for one that is none for this purpose, or too old. That it is answered once, the
 * caller sees to.
 */
export function readChallenge(keys: DerivedKeys, challenge: Buffer, purpose: string, now: Date): number | null {
  if (challenge.length !== TIME_BYTES + RANDOM_BYTES + MAC_BYTES) return null;
  const head = challenge.subarray(0, TIME_BYTES + RANDOM_BYTES);
  const mac = challenge.subarray(TIME_BYTES + RANDOM_BYTES);
  if (!keys.some((key) => timingSafeEqual(macOf(key, purpose, head), mac))) return null;
  const madeAt = head.readUIntBE(0, TIME_BYTES);
  const age = now.getTime() - madeAt;
  // Clocks of several processes differ a little.
  return age < LIFETIME_MS && age > -60_000 ? madeAt : null;
}

function macOf(key: Buffer, purpose: string, head: Buffer): Buffer {
  return createHmac('sha256', key).update('challenge\0').update(purpose).update('\0').update(head).digest();
}
