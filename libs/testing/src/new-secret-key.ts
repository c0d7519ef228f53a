import { randomBytes } from 'node:crypto';

/** A value for `SECRET_KEY`: 32 random bytes in base64. */
export function newSecretKey(): string {
  return randomBytes(32).toString('base64');
}
