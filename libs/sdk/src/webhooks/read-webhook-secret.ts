import { WebhookVerificationError } from './webhook-verification-error';

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The key bytes of a webhook secret: `whsec_` and the standard base64 of 24 to 64 bytes (Standard Webhooks 1.0).
 * @throws WebhookVerificationError `secret_invalid` on anything else; the message does not repeat the text
 */
export function readWebhookSecret(secret: string): Uint8Array<ArrayBuffer> {
  const encoded = typeof secret === 'string' && secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = BASE64.test(encoded) ? Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)) : null;
  if (key && key.length >= 24 && key.length <= 64) return key;
  throw new WebhookVerificationError(
    'secret_invalid',
    'The webhook secret is missing or cut: pass the whole "whsec_…" text that creating the endpoint or rotating its secret answered.',
  );
}
