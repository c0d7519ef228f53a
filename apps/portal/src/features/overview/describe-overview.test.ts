import { describe, expect, it } from 'vitest';
import { formatLatency, formatShare, listAttention } from './describe-overview';
import { readPeriod, type Overview } from './overview-query';

describe('a latency', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [999, '999 ms'],
    [1_400, '1.4 s'],
    [42_000, '42 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
  ])('of %s is told as %s', (milliseconds, text) => {
    expect(formatLatency(milliseconds)).toBe(text);
  });
});

describe('a share', () => {
  it.each([
    [0, 0, '–'],
    [10, 0, '100 %'],
    [0, 10, '0 %'],
    [999_999, 1, '> 99.9 %'],
    [1, 999_999, '< 0.1 %'],
    [2, 1, '66.7 %'],
  ])('of %d beside %d is told as %s', (part, rest, text) => {
    expect(formatShare(part, rest)).toBe(text);
  });
});

describe('what needs attention', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  const quiet: Overview = {
    traffic: {} as Overview['traffic'],
    directories: { surveyed: 1, partial: false, held_users: 0, troubled: 0, items: [] },
    webhook_endpoints: { total: 1, disabled: 0, circuit_open: [] },
    oldest_pending_change: null,
  };

  it('is nothing while all is well, and while a change has waited for seconds only', () => {
    const change = { directory_id: 'dir_1', organization_id: 'org_1', occurred_at: '2026-11-21T09:59:58Z' };
    expect(listAttention(quiet, now)).toEqual([]);
    expect(listAttention({ ...quiet, oldest_pending_change: change }, now)).toEqual([]);
  });

  it('leads to what it is about', () => {
    const directory = { id: 'dir_1', name: 'Okta', organization_id: 'org_1', organization_name: 'Acme' };
    const since = '2026-11-21T09:00:00Z';
    const held = { ...directory, trouble: 'held' as const, reason: null, since, held_users: 1_200 };
    const overview: Overview = {
      ...quiet,
      oldest_pending_change: { directory_id: 'dir_2', organization_id: 'org_1', occurred_at: '2026-11-21T09:00:00Z' },
      webhook_endpoints: {
        total: 1,
        disabled: 0,
        circuit_open: [{ id: 'whe_1', url: 'https://a.example/', circuit_open_until: '2026-11-21T10:00:30Z' }],
      },
      directories: { surveyed: 1, partial: false, held_users: 1_200, troubled: 1, items: [held] },
    };
    const told = listAttention(overview, now);
    expect(told.map(({ state, to }) => [state, to])).toEqual([
      ['Changes wait', '/organizations/org_1/directories/dir_2'],
      ['Circuit open', '/webhooks/whe_1'],
      ['Held', '/organizations/org_1/directories/dir_1'],
    ]);
    expect(told.at(-1)?.text).toContain('1,200');
  });
});

it('a period that the address does not name is a day', () => {
  expect([readPeriod(null), readPeriod('year'), readPeriod('week')]).toEqual(['day', 'day', 'week']);
});
