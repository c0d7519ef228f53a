import { DELIVERY_DEADLINE_MS, type DeliveryError } from '@rollcall/contract';
import type { WebhookDelivery } from '@rollcall/sdk';
import type { StatusDescription } from './directory-status';
import { lookUp } from './look-up';

const STATES: Record<WebhookDelivery['state'], StatusDescription> = {
  pending: { tone: 'waiting', label: 'Pending' },
  succeeded: { tone: 'good', label: 'Delivered' },
  failed: { tone: 'bad', label: 'Failed' },
  canceled: { tone: 'neutral', label: 'Canceled' },
};

/** How a delivery stands, in one word or two. */
export function describeDelivery(
  delivery: Pick<WebhookDelivery, 'state' | 'attempt' | 'last_status' | 'last_error'>,
): StatusDescription {
  const { state, attempt, last_status: status, last_error: error } = delivery;
  if (state === 'succeeded' && isUnsent({ status, error })) return { tone: 'neutral', label: 'Nothing to send' };
  if (state === 'pending' && attempt > 0) return { tone: 'waiting', label: 'Retrying' };
  return STATES[state];
}

const ERRORS: Record<DeliveryError, string> = {
  invalid_url: 'Not sent: the URL is not an absolute https URL',
  blanks_in_url: 'Not sent: there are blanks, line breaks or backslashes in the URL',
  host_missing: 'Not sent: the URL names no host',
  invalid_host: 'Not sent: the host is not a name that can be resolved',
  fragment_in_url: 'Not sent: there is a fragment (#…) in the URL',
  scheme_not_allowed: 'Not sent: the URL does not begin with https://',
  port_not_allowed: 'Not sent: the port must be 443, 80, 8443 or above 1023',
  credentials_in_url: 'Not sent: there is a user name or password in the URL',
  address_not_public: 'Not sent: the host has no public internet address',
  own_address: 'Not sent: the host has an address of this server',
  own_hostname: 'Not sent: the host is this server itself',
  dns: 'The host name was not found',
  connect_timeout: 'The host did not accept the connection in time',
  refused: 'The connection was refused',
  unreachable: 'The host could not be reached',
  tls: 'The certificate was not accepted',
  reset: 'The connection was cut off',
  invalid_response: 'What came was not valid HTTP',
  timeout: `No answer within ${DELIVERY_DEADLINE_MS / 1_000} seconds`,
  aborted: 'It was stopped by this server, and is sent again',
  redirect: 'It answered with a redirect, which is not followed',
  internal: 'It could not be sent: see the server’s log',
};

/** Whether an attempt ended well without a request: the endpoint's dialect has nothing for the event. */
export function isUnsent({ status, error }: { status: number | null; error: string | null }): boolean {
  return status === null && error === null;
}

/** How an attempt ended, in words; a failure that this page does not know by its code. */
export function describeAttempt({ status, error }: { status: number | null; error: string | null }): string {
  const reason = error === null ? null : (lookUp(ERRORS, error) ?? error);
  if (status === null) return reason ?? 'Not sent: the endpoint’s dialect has nothing for this event';
  return reason === null ? `Answered ${status}` : `Answered ${status}. ${reason}`;
}
