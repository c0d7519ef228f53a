import { createHmac } from 'node:crypto';
import { readWebhookSecret } from './generate-webhook-secret';

/** The three headers of Standard Webhooks 1.0. */
export interface WebhookHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** What is signed: one attempt. A retry keeps `id` and `body` and gets a new timestamp. */
export interface WebhookToSign {
  /** The event id; without a dot, which separates the signed parts. */
  id: string;
  timestamp: Date;
  /** The exact bytes that are sent. */
  body: string;
  /** Live secrets `whsec_…`, newest first; each gives one signature, so that receivers verify with any of them. */
  secrets: readonly string[];
}

/**
 * Signs `id.timestamp.body` with HMAC-SHA256 under every secret (Standard Webhooks 1.0, symmetric signatures `v1`).
 * Throws TypeError without a secret, or with an id that could shift the signed parts.
 */
export function signWebhook({ id, timestamp, body, secrets }: WebhookToSign): WebhookHeaders {
  if (!/^[\w-]+$/.test(id)) throw new TypeError('a webhook id has letters, digits, "_" and "-" only');
  if (secrets.length === 0) throw new TypeError('a webhook is signed with at least one secret');
  const seconds = Math.floor(timestamp.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', readWebhookSecret(secret)).update(`${id}.${seconds}.`).update(body);
    return `v1,${hmac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}
