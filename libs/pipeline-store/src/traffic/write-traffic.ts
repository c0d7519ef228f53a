import type { DataSource } from 'typeorm';
import { callForRow, callFunction, poolOf } from '@rollcall/database';

/** What was counted for a minute or an hour of an environment; bare id. */
export interface TrafficRow {
  environmentId: string;
  resolution: 'minute' | 'hour';
  startTime: Date;
  changes: number;
  events: number;
  attemptsSucceeded: number;
  attemptsFailed: number;
  /** First attempts by how long after the commit they began, in the order of `LATENCY_BOUNDS_MS`. */
  latencies: number[];
}

const MINUTES_KEPT_MS = 2 * 86_400_000;
const HOURS_KEPT_MS = 30 * 86_400_000;
const DELETED_AT_ONCE = 10_000;

/** Adds to what is stored for the same minutes and hours. Each of them is among the rows once. */
export async function writeTraffic(dataSource: DataSource, rows: readonly TrafficRow[]): Promise<void> {
  if (rows.length === 0) return;
  const given = rows.map((row) => ({
    environment_id: row.environmentId,
    resolution: row.resolution,
    start_time: row.startTime,
    changes: row.changes,
    events: row.events,
    attempts_succeeded: row.attemptsSucceeded,
    attempts_failed: row.attemptsFailed,
    latencies: row.latencies,
  }));
  await callFunction(poolOf(dataSource), 'add_traffic', [JSON.stringify(given)]);
}

/** Deletes what no overview shows any more: minutes after two days, hours after thirty. Returns how many rows. */
export async function deleteOldTraffic(dataSource: DataSource, now: Date, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (;;) {
    const { delete_old_traffic: deleted } = await callForRow<{ delete_old_traffic: string }>(
      poolOf(dataSource),
      'delete_old_traffic',
      [new Date(now.getTime() - MINUTES_KEPT_MS), new Date(now.getTime() - HOURS_KEPT_MS), DELETED_AT_ONCE],
    );
    total += Number(deleted);
    if (Number(deleted) === 0 || signal?.aborted) return total;
  }
}
