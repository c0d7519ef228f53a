import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './app-error';
import { deriveKey } from './derive-key';
import type { SecretKeys } from './derive-key';
import { SEALED_COLUMNS } from './sealed-columns';
import type { SealedColumn } from './sealed-columns';

/** Encrypts what must be read back, such as webhook secrets. */
export interface Sealer {
  /** 16 hex characters naming the newest key, with which everything is sealed. */
  readonly keyId: string;
  /**
   * Encrypts `plain` to `v1.<key id>.<iv>.<ciphertext and tag>` for a column and the owner of the row (`webhookSecret` and the
   * endpoint's bare id). Both are bound to the text, so that a sealed value copied to another row does not open.
   */
  seal(plain: string, column: SealedColumn, owner: string): string;
  /**
   * The text that was sealed, with the newest key or a previous one. Throws {@link AppError} `unsealable` when key, place or
   * text is not the one sealed.
   */
  open(sealed: string, column: SealedColumn, owner: string): string;
}

/** AES-256-GCM under keys derived from `SECRET_KEY` (32 bytes) and, for opening alone, from the previous ones. */
export function createSealer({ secretKey, previousSecretKeys = [] }: SecretKeys): Sealer {
  const keyId = keyIdOf(secretKey);
  const key = deriveKey(secretKey, 'sealing');
  const keys = new Map([
    ...previousSecretKeys.map((previous) => [keyIdOf(previous), deriveKey(previous, 'sealing')] as const),
    [keyId, key] as const,
  ]);
  return {
    keyId,
    seal(plain, column, owner) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(contextOf(column, owner)));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${sealedPrefix(keyId)}${iv.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed, column, owner) {
      const [version, sealedWith = '', iv, body] = sealed.split('.');
      if (version !== 'v1' || iv === undefined || body === undefined)
        throw unsealable('the text is not a sealed value');
      const opening = keys.get(sealedWith);
      if (!opening) {
        throw unsealable(`it was sealed with key ${sealedWith}, this process has ${[...keys.keys()].join(', ')}`);
      }
      try {
        const bytes = Buffer.from(body, 'base64url');
        return decrypt(opening, Buffer.from(iv, 'base64url'), bytes, contextOf(column, owner));
      } catch (cause) {
        throw unsealable('it was changed or belongs to another place', cause);
      }
    },
  };
}

/** How every value begins that was sealed with the key of this id. */
export function sealedPrefix(keyId: string): string {
  return `v1.${keyId}.`;
}

function keyIdOf(secretKey: Uint8Array): string {
  return deriveKey(secretKey, 'key-id').subarray(0, 8).toString('hex');
}

function contextOf(column: SealedColumn, owner: string): string {
  return `${SEALED_COLUMNS[column].owner.word}:${owner}`;
}

function decrypt(key: Buffer, iv: Buffer, body: Buffer, context: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(Buffer.from(context));
  decipher.setAuthTag(body.subarray(-16));
  return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]).toString('utf8');
}

function unsealable(internal: string, cause?: unknown): AppError {
  return new AppError({
    kind: 'internal',
    code: 'unsealable',
    message: 'A stored secret cannot be opened.',
    internal: `cannot open a sealed value: ${internal}`,
    cause,
  });
}
