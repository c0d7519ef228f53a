import { SHOWN_DIRECTORIES } from '@rollcall/contract';

/** Of the overview of an environment what is put together; the rest is the control cell's. */
export interface OverviewPart {
  traffic: { steps: readonly TrafficStep[]; total: TrafficPart };
  directories: {
    surveyed: number;
    partial: boolean;
    held_users: number;
    troubled: number;
    items: readonly { since: string }[];
  };
  webhook_endpoints: { disabled: number; circuit_open: readonly { id: string }[] };
  oldest_pending_change: { occurred_at: string } | null;
}

interface TrafficPart {
  changes: number;
  events: number;
  attempts_succeeded: number;
  attempts_failed: number;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
}

interface TrafficStep extends TrafficPart {
  start_time: string;
}

/** One overview of those of several cells: counts added, lists joined, and of latencies the worst cell's. @param control the control cell's */
export function combineOverviews<Overview extends OverviewPart>(
  control: Overview,
  others: readonly OverviewPart[],
): Overview {
  const all = [control, ...others];
  const directories = all.map((one) => one.directories);
  const endpoints = all.map((one) => one.webhook_endpoints);
  const oldest = all.flatMap(({ oldest_pending_change: change }) => change ?? []).toSorted(byTime('occurred_at'));
  const open = new Map(endpoints.flatMap(({ circuit_open }) => circuit_open.map((one) => [one.id, one] as const)));
  return {
    ...control,
    traffic: {
      ...control.traffic,
      steps: control.traffic.steps.map((step) => ({ ...step, ...addTraffic(stepsAt(all, step.start_time)) })),
      total: addTraffic(all.map(({ traffic }) => traffic.total)),
    },
    directories: {
      surveyed: sum(directories, 'surveyed'),
      partial: directories.some(({ partial }) => partial),
      held_users: sum(directories, 'held_users'),
      troubled: sum(directories, 'troubled'),
      items: directories.flatMap(({ items }) => items).slice(0, SHOWN_DIRECTORIES),
    },
    webhook_endpoints: {
      ...control.webhook_endpoints,
      disabled: Math.max(...endpoints.map(({ disabled }) => disabled)),
      circuit_open: [...open.values()],
    },
    oldest_pending_change: oldest[0] ?? null,
  };
}

function stepsAt(all: readonly OverviewPart[], time: string): TrafficPart[] {
  return all.flatMap(({ traffic }) => traffic.steps.filter(({ start_time }) => start_time === time));
}

function addTraffic(parts: readonly TrafficPart[]): TrafficPart {
  return {
    changes: sum(parts, 'changes'),
    events: sum(parts, 'events'),
    attempts_succeeded: sum(parts, 'attempts_succeeded'),
    attempts_failed: sum(parts, 'attempts_failed'),
    latency_p50_ms: worst(parts.map(({ latency_p50_ms }) => latency_p50_ms)),
    latency_p95_ms: worst(parts.map(({ latency_p95_ms }) => latency_p95_ms)),
  };
}

function sum<Key extends string>(parts: readonly Record<Key, number>[], key: Key): number {
  return parts.reduce((total, part) => total + part[key], 0);
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function byTime<Key extends string>(key: Key) {
  return (one: Record<Key, string>, other: Record<Key, string>) => Date.parse(one[key]) - Date.parse(other[key]);
}
