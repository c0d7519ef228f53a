import { expect, it } from 'vitest';
import { combineOverviews } from './combine-overviews';

const traffic = (events: number, latency: number | null) => ({
  changes: events,
  events,
  attempts_succeeded: events,
  attempts_failed: 1,
  latency_p50_ms: latency,
  latency_p95_ms: latency,
});

const overview = (name: string, events: number, latency: number | null, since: string | null) => ({
  traffic: { steps: [{ start_time: 'T1', ...traffic(events, latency) }], total: traffic(events, latency) },
  directories: { surveyed: 2, partial: name === 'b', held_users: 1, troubled: 1, items: [{ id: name, since: 'T' }] },
  webhook_endpoints: { total: 3, disabled: events, circuit_open: [{ id: 'whe_1' }, { id: name }] },
  oldest_pending_change: since === null ? null : { occurred_at: since },
});

it('the overview of several cells adds what each counts, and tells the worst of what it cannot add', () => {
  const control = overview('a', 1, null, '2026-01-02T00:00:00Z');
  const b = overview('b', 4, 20, '2026-01-01T00:00:00Z');
  const total = { ...traffic(5, 20), attempts_failed: 2 };
  expect(combineOverviews(control, [b])).toEqual({
    traffic: { steps: [{ start_time: 'T1', ...total }], total },
    directories: {
      surveyed: 4,
      partial: true,
      held_users: 2,
      troubled: 2,
      items: [
        { id: 'a', since: 'T' },
        { id: 'b', since: 'T' },
      ],
    },
    webhook_endpoints: { total: 3, disabled: 4, circuit_open: [{ id: 'whe_1' }, { id: 'a' }, { id: 'b' }] },
    oldest_pending_change: { occurred_at: '2026-01-01T00:00:00Z' },
  });
  expect(combineOverviews(control, [])).toEqual(control);
});
