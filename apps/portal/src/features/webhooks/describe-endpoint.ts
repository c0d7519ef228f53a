import { PENDING_COUNT_MAX } from '@rollcall/contract';
import type { WebhookDeliveryAttempt, WebhookEndpoint } from '@rollcall/sdk';
import type { StatusDescription } from '../../shared/format/directory-status';
import { formatCount, formatNumber } from '../../shared/format/format-count';

/** How an endpoint fares, in one or two words. */
export function describeHealth({ enabled, disabled_reason, health }: WebhookEndpoint, now: Date): StatusDescription {
  if (!enabled) return { tone: disabled_reason === null ? 'neutral' : 'bad', label: 'Disabled' };
  const { circuit_open_until: until, consecutive_failures: failures } = health;
  if (until !== null && Date.parse(until) > now.getTime()) return { tone: 'bad', label: 'Circuit open' };
  return failures > 0 ? { tone: 'waiting', label: 'Failing' } : { tone: 'good', label: 'Healthy' };
}

/** What that means, in a sentence; null: all is well. */
export function explainHealth(endpoint: WebhookEndpoint, now: Date): string | null {
  const { enabled, disabled_reason: reason, health } = endpoint;
  if (!enabled) {
    if (reason === 'gone') return 'It answered 410 Gone and was disabled. Events wait until it is enabled again.';
    if (reason === 'failing')
      return 'Nothing but failures for five days: it was disabled. Events wait until it is enabled.';
    return 'It is switched off. Events wait until it is enabled again.';
  }
  if (describeHealth(endpoint, now).label === 'Circuit open') {
    return 'It fails again and again: one probe a minute goes out, everything else waits without spending an attempt.';
  }
  if (health.consecutive_failures === 0) return null;
  return `${formatCount(health.consecutive_failures, 'attempt')} failed since the last success. Each event is tried again by the schedule.`;
}

export function formatPending(pending: number): string {
  return pending >= PENDING_COUNT_MAX ? `${formatNumber(PENDING_COUNT_MAX)} or more` : formatNumber(pending);
}

/** Which events it gets. */
export function describeTypes(types: readonly string[]): string {
  if (types.length === 0) return 'All directory events';
  const [only = ''] = types;
  return types.length === 1 ? only : formatCount(types.length, 'event type');
}

export function describeOrganizations(ids: readonly string[]): string {
  return ids.length === 0 ? 'All organizations' : formatCount(ids.length, 'organization');
}

/** Whether an attempt was answered as it should be. */
export function isSuccess({ status, error }: Pick<WebhookDeliveryAttempt, 'status' | 'error'>): boolean {
  return error === null && status !== null && status >= 200 && status < 300;
}

/** Headers as one reads them in a request. */
export function writeHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
