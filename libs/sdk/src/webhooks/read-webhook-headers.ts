import { WebhookVerificationError } from './webhook-verification-error';

/** The request's headers: Fetch `Headers`, Node's `request.headers`, or a plain object with names in any case. */
export type WebhookRequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The three headers of Standard Webhooks 1.0. */
export interface WebhookHeaders {
  id: string;
  /** Whole seconds since 1970, as text: what was signed. */
  timestamp: string;
  /** One or several `v1,<base64>`, separated by spaces. */
  signature: string;
}

/**
 * Finds the headers of Standard Webhooks 1.0.
 * @throws WebhookVerificationError `header_missing` when one is absent or stands there more than once
 */
export function readWebhookHeaders(headers: WebhookRequestHeaders): WebhookHeaders {
  const read = (name: string): string => {
    const value = readHeader(headers, name);
    if (value) return value;
    throw new WebhookVerificationError(
      'header_missing',
      `The request has no single ${name} header: pass the headers of the request as it arrived, and check that no proxy removes webhook-* headers.`,
    );
  };
  return { id: read('webhook-id'), timestamp: read('webhook-timestamp'), signature: read('webhook-signature') };
}

function readHeader(headers: WebhookRequestHeaders, name: string): string | null | undefined {
  if (isFetchHeaders(headers)) return headers.get(name);
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
  return values.length === 1 ? values[0] : undefined;
}

function isFetchHeaders(headers: WebhookRequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
