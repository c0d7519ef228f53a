import { type KeyRotation, rotateSecretKey } from '@rollcall/database';
import type { SecretKeys } from '@rollcall/platform';

export interface RotateKeyRequest {
  readonly ownerUrl: string;
  /** Which of several it is; not said of the control cell. */
  readonly cell?: string;
  readonly keys: SecretKeys;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/** How the operator calls what is sealed. */
const NAMES: Record<keyof KeyRotation['resealed'], string> = {
  webhookSecret: 'webhook secrets',
  totpSecret: 'secrets of authenticator apps',
  singleSignOnSecret: 'secrets of single sign-on',
  mail: 'mails',
  idempotentAnswer: 'kept answers',
  secretPepper: 'keys of generated secrets',
};

/**
 * Seals with the newest key what a previous one sealed, binds the database to the newest, and says what it did. Throws AppError
 * `secret_key_mismatch`, `unsealable`.
 */
export async function rotateKey({ ownerUrl, cell, keys, json, say }: RotateKeyRequest): Promise<void> {
  const { keyId, rebound, resealed } = await rotateSecretKey({ ownerUrl, keys });
  if (json) return say(JSON.stringify({ ...(cell && { cell }), key_id: keyId, rebound, resealed }));
  if (cell) say(`Cell ${cell}:`);
  for (const [what, count] of Object.entries(resealed))
    say(`Sealed anew: ${count} ${NAMES[what as keyof typeof NAMES]}.`);
  say(
    rebound
      ? `The database is bound to the new key (${keyId}).`
      : `The database was bound to this key (${keyId}) before.`,
  );
  say(
    'When every process runs with the new key, run this once more, and an hour later take the old one out of SECRET_KEY_PREVIOUS: until then access tokens that it signed are good.',
  );
}
