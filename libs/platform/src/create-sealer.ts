import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './app-error';
import { deriveKey } from './derive-key';

/** Encrypts what must be read back, such as webhook secrets. */
export interface Sealer {
  /** 16 hex characters naming the key; a database sealed with another key must refuse to boot. */
  readonly keyId: string;
  /**
   * Encrypts `plain` to `v1.<key id>.<iv>.<ciphertext and tag>`. `context` (e.g. `webhook_endpoint:<id>`) is bound to the
   * text, so that a sealed value copied to another row does not open.
   */
  seal(plain: string, context: string): string;
  /** The text that was sealed. Throws {@link AppError} `unsealable` when key, context or text is not the one sealed. */
  open(sealed: string, context: string): string;
}

/** AES-256-GCM under a key derived from `SECRET_KEY` (32 bytes). */
export function createSealer(secretKey: Uint8Array): Sealer {
  const key = deriveKey(secretKey, 'sealing');
  const keyId = deriveKey(secretKey, 'key-id').subarray(0, 8).toString('hex');
  return {
    keyId,
    seal(plain, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${keyId}.${iv.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const [version, sealedWith, iv, body] = sealed.split('.');
      if (version !== 'v1' || iv === undefined || body === undefined)
        throw unsealable('the text is not a sealed value');
      if (sealedWith !== keyId) throw unsealable(`it was sealed with key ${sealedWith}, this process has ${keyId}`);
      try {
        return decrypt(key, Buffer.from(iv, 'base64url'), Buffer.from(body, 'base64url'), context);
      } catch (cause) {
        throw unsealable('it was changed or belongs to another context', cause);
      }
    },
  };
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
