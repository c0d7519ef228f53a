import { formatNumber } from '../../shared/format/format-count';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/format/time-units';
import type { Overview, Period } from './overview-query';

/** A span of time in the unit that one says it in: `85 ms`, `1.4 s`, `3 min`, `2 h`. */
export function formatLatency(milliseconds: number | null): string {
  if (milliseconds === null) return '–';
  if (milliseconds < SECOND_MS) return `${milliseconds} ms`;
  if (milliseconds < 10 * SECOND_MS) return `${(milliseconds / SECOND_MS).toFixed(1)} s`;
  if (milliseconds < 2 * MINUTE_MS) return `${Math.round(milliseconds / SECOND_MS)} s`;
  if (milliseconds < 2 * HOUR_MS) return `${Math.round(milliseconds / MINUTE_MS)} min`;
  return `${Math.round(milliseconds / HOUR_MS)} h`;
}

/** A share in percent. It is 100 or 0 only when it is exactly that: one failure of a million is seen. */
export function formatShare(part: number, rest: number): string {
  const total = part + rest;
  if (total === 0) return '–';
  const percent = (part / total) * 100;
  if (rest > 0 && percent > 99.9) return '> 99.9 %';
  if (part > 0 && percent < 0.1) return '< 0.1 %';
  return `${Number(percent.toFixed(1))} %`;
}

const TIME_OF_DAY = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY_AND_TIME = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const WEEKDAY = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric' });

/** When a step of a period begins, as a row of a table names it. */
export function nameStep(startTime: string, period: Period): string {
  return (period === 'week' ? DAY_AND_TIME : TIME_OF_DAY).format(new Date(startTime));
}

/** The same on an axis, where there is little room. */
export function markStep(startTime: string, period: Period): string {
  return (period === 'week' ? WEEKDAY : TIME_OF_DAY).format(new Date(startTime));
}

const PERIOD_NAMES: Record<Period, string> = { hour: 'last hour', day: 'last 24 hours', week: 'last 7 days' };
export const PERIOD_LABELS: Record<Period, string> = { hour: 'Hour', day: 'Day', week: 'Week' };

export function namePeriod(period: Period): string {
  return PERIOD_NAMES[period];
}

/** One thing that somebody should look at. */
export interface Attention {
  key: string;
  /** What is amiss, in a few words. */
  state: string;
  tone: 'waiting' | 'bad';
  /** What it is about: a name that somebody else wrote. */
  subject: string;
  /** Whose it is. */
  owner: string | null;
  text: string;
  /** RFC 3339. */
  time: string | null;
  to: string;
}

/** A change that waits longer is late: what is drained as it comes waits for less than a second. */
const LATE_MS = MINUTE_MS;

/** What needs attention, the worst first. */
export function listAttention(overview: Overview, now: Date): Attention[] {
  return [...lateChange(overview, now), ...openCircuits(overview), ...troubledDirectories(overview)];
}

function lateChange({ oldest_pending_change: change }: Overview, now: Date): Attention[] {
  if (!change || now.getTime() - Date.parse(change.occurred_at) < LATE_MS) return [];
  return [
    {
      key: 'oldest-change',
      state: 'Changes wait',
      tone: 'bad',
      subject: change.directory_id,
      owner: null,
      text: 'The oldest change of this directory has not been published yet.',
      time: change.occurred_at,
      to: `/organizations/${change.organization_id}/directories/${change.directory_id}`,
    },
  ];
}

function openCircuits({ webhook_endpoints: { circuit_open } }: Overview): Attention[] {
  return circuit_open.map(({ id, url, circuit_open_until }) => ({
    key: id,
    state: 'Circuit open',
    tone: 'bad',
    subject: url,
    owner: null,
    text: 'The endpoint fails: one probe a minute goes out, and everything else waits. Next probe:',
    time: circuit_open_until,
    to: `/webhooks/${id}`,
  }));
}

const TROUBLES = {
  held: { state: 'Held', tone: 'waiting' },
  refused: { state: 'Refused', tone: 'bad' },
  no_active_token: { state: 'No active token', tone: 'bad' },
  stalled: { state: 'Stalled', tone: 'bad' },
  token_expiring: { state: 'Token expiring', tone: 'waiting' },
} as const;

function troubledDirectories({ directories: { items } }: Overview): Attention[] {
  return items.map(({ id, name, organization_id, organization_name, trouble, reason, since, held_users }) => ({
    ...TROUBLES[trouble],
    key: id,
    subject: name || id,
    owner: organization_name,
    text: `${reason ?? `${formatNumber(held_users)} deprovisionings wait for your decision.`} Since`,
    time: since,
    to: `/organizations/${organization_id}/directories/${id}`,
  }));
}
