import { createHash, randomBytes } from 'node:crypto';

/** A new random token of 43 characters `[A-Za-z0-9_-]` (256 bits) for sessions, portal links and invitations. */
export function newOpaqueToken(random: Uint8Array = randomBytes(32)): string {
  if (random.length < 32) throw new TypeError('an opaque token takes at least 32 random bytes');
  return Buffer.from(random).toString('base64url');
}

/**
 * SHA-256 of an opaque token as 64 hex characters: what is stored and looked up. A plain hash suffices because the token
 * has 256 random bits, and looking up by hash makes the comparison independent of the secret's characters.
 */
export function hashOpaqueToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
