import type { RollcallEvent } from '../events/rollcall-event';
import { readWebhookHeaders } from './read-webhook-headers';
import type { WebhookRequestHeaders } from './read-webhook-headers';
import { readWebhookSecret } from './read-webhook-secret';
import { signWebhook } from './sign-webhook';
import { WebhookVerificationError } from './webhook-verification-error';

/** What `verifyWebhook` takes. */
export interface WebhookToVerify {
  /** The endpoint's `whsec_…` secret, or all of them while secrets overlap. */
  secret: string | readonly string[];
  headers: WebhookRequestHeaders;
  /** The body as it arrived, before any parsing: the signature covers its bytes. */
  body: string | Uint8Array | ArrayBuffer;
  /** How far the sender's clock may be from ours, either way. Default 300. */
  toleranceSeconds?: number;
  /** Default: the current time. */
  now?: Date;
}

/**
 * Verifies a webhook (Standard Webhooks 1.0, symmetric signatures `v1`) and answers its event.
 *
 * Works wherever WebCrypto does: Node.js, Deno, Bun, edge functions.
 * @throws WebhookVerificationError with a `code`; then answer 400 and act on nothing
 */
export async function verifyWebhook({
  secret,
  headers,
  body,
  toleranceSeconds = 300,
  now = new Date(),
}: WebhookToVerify): Promise<RollcallEvent> {
  const keys = readSecrets(secret);
  const bytes = readBody(body);
  const { id, timestamp, signature } = readWebhookHeaders(headers);
  checkTimestamp(timestamp, toleranceSeconds, now);
  const expected = await Promise.all(keys.map((key) => signWebhook(key, { id, timestamp, body: bytes })));
  const given = signature.split(' ');
  if (!expected.some((right) => given.some((candidate) => equalInConstantTime(candidate, right)))) {
    throw new WebhookVerificationError(
      'signature_mismatch',
      "No signature fits: check that the secret is this endpoint's, and that the body is passed as it arrived (not parsed and serialized again).",
    );
  }
  return parseEvent(bytes);
}

function readSecrets(secret: string | readonly string[]): Uint8Array<ArrayBuffer>[] {
  const secrets = typeof secret === 'string' ? [secret] : (secret ?? []);
  // Nothing configured is reported like anything else that is no secret.
  return (secrets.length > 0 ? secrets : ['']).map(readWebhookSecret);
}

function readBody(body: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new WebhookVerificationError(
    'body_not_raw',
    'The body is not raw: give this route the bytes or the text as they arrived (in Express express.raw(), elsewhere await request.text()), before any JSON parser.',
  );
}

function checkTimestamp(text: string, toleranceSeconds: number, now: Date): void {
  if (!/^\d{1,12}$/.test(text)) {
    throw new WebhookVerificationError('timestamp_invalid', 'The webhook-timestamp header is no number of seconds.');
  }
  const ageSeconds = now.getTime() / 1000 - Number(text);
  if (ageSeconds < -toleranceSeconds) {
    throw new WebhookVerificationError(
      'timestamp_too_new',
      `The webhook was signed more than ${toleranceSeconds} s in the future: the clock of this machine is behind.`,
    );
  }
  if (ageSeconds <= toleranceSeconds) return;
  // Also what cannot be compared: an invalid date or tolerance never lets a webhook pass.
  throw new WebhookVerificationError(
    'timestamp_too_old',
    `The webhook was signed more than ${toleranceSeconds} s ago: it is a repeat of an old request, or the clock of this machine is ahead.`,
  );
}

/** Takes as long for a near miss as for a far one, so that a signature cannot be guessed piece by piece. */
function equalInConstantTime(candidate: string, right: string): boolean {
  if (candidate.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < right.length; index += 1) {
    difference |= candidate.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}

function parseEvent(bytes: Uint8Array): RollcallEvent {
  try {
    const event: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isEvent(event)) return event;
  } catch {
    // Reported below, without the parser's message, which repeats parts of the body.
  }
  throw new WebhookVerificationError(
    'event_invalid',
    'The signed body is no event: this endpoint receives webhooks of something else under the same secret.',
  );
}

function isEvent(value: unknown): value is RollcallEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, type, data } = value as Partial<Record<string, unknown>>;
  return typeof id === 'string' && typeof type === 'string' && typeof data === 'object' && data !== null;
}
