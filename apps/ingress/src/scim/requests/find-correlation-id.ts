import type { IncomingHttpHeaders } from 'node:http';
import { storable } from './redact-text';

/** Under which an identity provider's own log names a request; the first of these that was sent. */
const HEADERS = [
  'x-okta-request-id',
  'x-ms-client-request-id',
  'client-request-id',
  'x-ms-correlation-id',
  'x-correlation-id',
  'x-request-id',
  'traceparent',
] as const;

const LENGTH_MAX = 200;

/** The name that the sender gave a request, so that both logs can be held beside each other; null when it gave none. */
export function findCorrelationId(headers: IncomingHttpHeaders): string | null {
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return storable(value, LENGTH_MAX);
  }
  return null;
}
