import type { SecretStatus } from '@rollcall/contract';

/** What is stored of a secret's life; null: it has not been revoked, it never expires. */
export interface SecretLife {
  revokedTime: Date | null;
  expireTime: Date | null;
}

/** What a secret is worth at `now`. */
export function secretStatus(secret: SecretLife, now: Date): SecretStatus {
  if (secret.revokedTime) return 'REVOKED';
  return secret.expireTime && secret.expireTime <= now ? 'EXPIRED' : 'ACTIVE';
}
