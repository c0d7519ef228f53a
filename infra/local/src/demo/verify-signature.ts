import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the sender's clock may be off. */
const TOLERANCE_SECONDS = 5 * 60;

export interface SignedRequest {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/**
 * Verifies a webhook as Standard Webhooks 1.0 describes: HMAC-SHA256 of `id.timestamp.body` under the `whsec_` secret, one of
 * the space-separated signatures must match, and the timestamp must be recent.
 * @returns null when it is genuine, else what is wrong
 */
export function verifySignature({ headers, body }: SignedRequest, secret: string, now: Date): string | null {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return 'a signature header is missing';
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS || !/^\d+$/.test(timestamp))
    return 'the timestamp is not recent';
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const genuine = signatures.split(' ').some((signature) => {
    const [version, value = ''] = signature.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return genuine ? null : 'the signature does not match';
}
