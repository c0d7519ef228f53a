import { describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '@rollcall/sdk';
import { describeHealth, explainHealth, formatPending } from './describe-endpoint';

const now = new Date('2026-11-21T10:00:00Z');

function endpoint(changes: Partial<WebhookEndpoint>, health: Partial<WebhookEndpoint['health']> = {}): WebhookEndpoint {
  return {
    id: 'whe_1',
    url: 'https://a.example/',
    description: '',
    event_types: [],
    organization_ids: [],
    ordering: 'resource',
    rate_limit: null,
    dialect: null,
    deactivation: null,
    enabled: true,
    disabled_reason: null,
    secrets: [],
    create_time: '',
    update_time: '',
    health: {
      consecutive_failures: 0,
      failing_since: null,
      circuit_open_until: null,
      warned_percent: 0,
      pending_deliveries: 0,
      ...health,
    },
    ...changes,
  };
}

describe('an endpoint', () => {
  it.each([
    [endpoint({}), 'Healthy', null],
    [endpoint({}, { consecutive_failures: 1 }), 'Failing', '1 attempt failed'],
    [endpoint({}, { circuit_open_until: '2026-11-21T10:00:30Z', consecutive_failures: 9 }), 'Circuit open', 'probe'],
    [endpoint({}, { circuit_open_until: '2026-11-21T09:59:30Z', consecutive_failures: 9 }), 'Failing', '9 attempts'],
    [endpoint({ enabled: false }), 'Disabled', 'switched off'],
    [endpoint({ enabled: false, disabled_reason: 'gone' }), 'Disabled', '410'],
    [endpoint({ enabled: false, disabled_reason: 'failing' }), 'Disabled', 'five days'],
  ])('says how it fares and why (%#)', (given, label, reason) => {
    expect(describeHealth(given, now).label).toBe(label);
    const told = explainHealth(given, now);
    if (reason === null) expect(told).toBeNull();
    else expect(told).toContain(reason);
  });

  it('says that its backlog was not counted to the end', () => {
    expect([formatPending(9_999), formatPending(10_000)]).toEqual(['9,999', '10,000 or more']);
  });
});
