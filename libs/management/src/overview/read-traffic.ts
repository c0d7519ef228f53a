import type { EntityManager } from 'typeorm';
import { latencyAt } from '@rollcall/pipeline-store';
import { runStatement } from '@rollcall/database';

/** How far back an overview looks, and in which steps. */
export const OVERVIEW_PERIODS = ['hour', 'day', 'week'] as const;
export type OverviewPeriod = (typeof OVERVIEW_PERIODS)[number];

const PERIODS = {
  hour: { seconds: 3_600, stepSeconds: 60, resolution: 'minute' },
  day: { seconds: 86_400, stepSeconds: 900, resolution: 'minute' },
  week: { seconds: 604_800, stepSeconds: 10_800, resolution: 'hour' },
} as const;

/** What was counted in a time. */
export interface TrafficView {
  changes: number;
  events: number;
  attemptsSucceeded: number;
  attemptsFailed: number;
  /** From the commit of a change to the first attempt to deliver it; null: nothing was delivered for the first time. */
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
}

export interface TrafficOfPeriod {
  stepSeconds: number;
  fromTime: Date;
  toTime: Date;
  /** Oldest first, without a gap; the last one is under way. */
  steps: (TrafficView & { startTime: Date })[];
  total: TrafficView;
}

/** Reads what was counted for the transaction's environment: at most 1,440 rows, however much there was. */
export async function readTraffic(
  manager: EntityManager,
  environmentId: string,
  period: OverviewPeriod,
  now: Date,
): Promise<TrafficOfPeriod> {
  const { seconds, stepSeconds, resolution } = PERIODS[period];
  const stepMs = stepSeconds * 1_000;
  const lastStart = now.getTime() - (now.getTime() % stepMs);
  const toTime = new Date(lastStart + stepMs);
  const fromTime = new Date(toTime.getTime() - seconds * 1_000);
  const { rows } = await runStatement<CountedRow>(
    manager,
    `SELECT start_time, changes, events, attempts_succeeded, attempts_failed, latencies FROM traffic
     WHERE environment_id = $1 AND resolution = $2 AND start_time >= $3 AND start_time < $4`,
    [environmentId, resolution, fromTime, toTime],
  );
  const sums = Array.from({ length: seconds / stepSeconds }, nothing);
  const all = nothing();
  for (const row of rows) {
    const sum = sums[Math.floor((row.start_time.getTime() - fromTime.getTime()) / stepMs)];
    if (sum) addTo(sum, row);
    addTo(all, row);
  }
  const steps = sums.map((sum, n) => ({ startTime: new Date(fromTime.getTime() + n * stepMs), ...viewOf(sum) }));
  return { stepSeconds, fromTime, toTime, steps, total: viewOf(all) };
}

interface CountedRow {
  start_time: Date;
  changes: string;
  events: string;
  attempts_succeeded: string;
  attempts_failed: string;
  latencies: string[];
}

type Sum = Pick<TrafficView, 'changes' | 'events' | 'attemptsSucceeded' | 'attemptsFailed'> & { latencies: number[] };

function nothing(): Sum {
  return { changes: 0, events: 0, attemptsSucceeded: 0, attemptsFailed: 0, latencies: [] };
}

function addTo(sum: Sum, row: CountedRow): void {
  sum.changes += Number(row.changes);
  sum.events += Number(row.events);
  sum.attemptsSucceeded += Number(row.attempts_succeeded);
  sum.attemptsFailed += Number(row.attempts_failed);
  for (const [place, count] of row.latencies.entries()) {
    sum.latencies[place] = (sum.latencies[place] ?? 0) + Number(count);
  }
}

function viewOf({ latencies, ...counts }: Sum): TrafficView {
  return { ...counts, latencyP50Ms: latencyAt(0.5, latencies), latencyP95Ms: latencyAt(0.95, latencies) };
}
