import { DELIVERY_DEADLINE_MS } from '@rollcall/contract';
import type { WebhookDelivery } from '@rollcall/sdk';
import type { StatusDescription } from './directory-status';
import { lookUp } from './look-up';

const STATES: Record<WebhookDelivery['state'], StatusDescription> = {
  pending: { tone: 'waiting', label: 'Pending' },
  succeeded: { tone: 'good', label: 'Delivered' },
  failed: { tone: 'bad', label: 'Failed' },
  canceled: { tone: 'neutral', label: 'Canceled' },
};

/** How a delivery stands, in one word. */
export function describeDelivery({ state, attempt }: Pick<WebhookDelivery, 'state' | 'attempt'>): StatusDescription {
  if (state === 'pending' && attempt > 0) return { tone: 'waiting', label: 'Retrying' };
  return STATES[state];
}

const ERRORS: Record<string, string> = {
  timeout: `No answer within ${DELIVERY_DEADLINE_MS / 1_000} seconds`,
  refused: 'The connection was refused',
  reset: 'The connection was cut off',
  dns: 'The host name was not found',
  tls: 'The certificate was not accepted',
  redirect: 'It answered with a redirect, which is not followed',
  internal: 'It could not be sent: see the server’s log',
};

/** How an attempt ended, in words. */
export function describeAttempt({ status, error }: { status: number | null; error: string | null }): string {
  const reason = error === null ? null : (lookUp(ERRORS, error) ?? `Not sent: ${error.replaceAll('_', ' ')}`);
  if (status === null) return reason ?? 'No answer';
  return reason === null ? `Answered ${status}` : `Answered ${status}. ${reason}`;
}
