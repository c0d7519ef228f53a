import type { RollcallEvent } from '../events/rollcall-event';
import { readWebhookSecret } from '../webhooks/read-webhook-secret';
import { signWebhook } from '../webhooks/sign-webhook';

/** What a webhook route is called with. */
export interface TestWebhook {
  headers: Record<string, string>;
  body: string;
}

/** A secret of the right form for tests, which no server has. */
export const TEST_SECRET = `whsec_${btoa('a secret that is for tests alone')}`;

/**
 * An event as the server sends it: `fetch(url, { method: 'POST', ...(await signTestWebhook(event)) })`.
 * @param options `secret`: default `TEST_SECRET`; `time`: when it was signed, default now
 * @throws WebhookVerificationError `secret_invalid` when the secret is none
 */
export async function signTestWebhook(
  event: RollcallEvent,
  { secret = TEST_SECRET, time = new Date() }: { secret?: string; time?: Date } = {},
): Promise<TestWebhook> {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(time.getTime() / 1000));
  const parts = { id: event.id, timestamp, body: new TextEncoder().encode(body) };
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': await signWebhook(readWebhookSecret(secret), parts),
    },
    body,
  };
}
