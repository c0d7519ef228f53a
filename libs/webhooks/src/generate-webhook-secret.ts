const PREFIX = 'whsec_';

/**
 * A signing secret in the form of Standard Webhooks 1.0: `whsec_` and the standard base64 of 32 bytes.
 * @param random 32 bytes of randomness
 */
export function generateWebhookSecret(random: Uint8Array): string {
  if (random.length !== 32) throw new TypeError('a webhook secret takes 32 random bytes');
  return PREFIX + Buffer.from(random).toString('base64');
}

/** The key bytes of a `whsec_` secret. Throws TypeError on anything else; the message never repeats the text. */
export function readWebhookSecret(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  // Standard Webhooks 1.0 allows 24 to 64 bytes.
  if (key.length < 24 || key.length > 64 || key.toString('base64') !== encoded) {
    throw new TypeError('a webhook secret is "whsec_" and the base64 of 24 to 64 bytes');
  }
  return key;
}
