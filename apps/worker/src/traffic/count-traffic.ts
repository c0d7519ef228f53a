import { LATENCY_BOUNDS_MS, latencyPlace } from '@rollcall/pipeline-store';
import type { TrafficRow } from '@rollcall/pipeline-store';

/** Counts what a worker does for each environment, minute by minute, until it is taken to be stored. */
export interface TrafficCounts {
  /** A batch of a directory was drained. */
  drained(environmentId: string, batch: { changes: number; events: number }): void;
  /** An attempt to deliver has ended. `latencyMs`: from the commit to its beginning; null unless it was the first of a live event. */
  attempted(environmentId: string, attempt: { succeeded: boolean; latencyMs: number | null }): void;
  /** Everything that was counted since the last time. */
  take(): TrafficRow[];
  /** What was taken and could not be stored, to be taken once more. */
  giveBack(rows: readonly TrafficRow[]): void;
}

/** Rows kept while the database is away: of 5,000 environments the last minute and hour, about 5 MB. What comes beyond is not counted. */
const ROWS_MAX = 10_000;

const RESOLUTION_MS = { minute: 60_000, hour: 3_600_000 } as const;
const RESOLUTIONS = ['minute', 'hour'] as const;

/** @param now milliseconds since 1970 */
export function countTraffic(now: () => number = Date.now): TrafficCounts {
  let rows = new Map<string, TrafficRow>();

  function rowOf(environmentId: string, resolution: TrafficRow['resolution'], startTime: number): TrafficRow | null {
    const key = `${environmentId} ${resolution} ${startTime}`;
    const known = rows.get(key);
    if (known) return known;
    if (rows.size >= ROWS_MAX) return null;
    const row = emptyRow(environmentId, resolution, new Date(startTime));
    rows.set(key, row);
    return row;
  }

  function count(environmentId: string, add: (row: TrafficRow) => void): void {
    const time = now();
    for (const resolution of RESOLUTIONS) {
      const row = rowOf(environmentId, resolution, time - (time % RESOLUTION_MS[resolution]));
      if (row) add(row);
    }
  }

  return {
    drained: (environmentId, { changes, events }) => {
      if (changes === 0 && events === 0) return;
      count(environmentId, (row) => {
        row.changes += changes;
        row.events += events;
      });
    },
    attempted: (environmentId, { succeeded, latencyMs }) =>
      count(environmentId, (row) => {
        if (succeeded) row.attemptsSucceeded += 1;
        else row.attemptsFailed += 1;
        if (latencyMs !== null) addAt(row.latencies, latencyPlace(latencyMs), 1);
      }),
    take: () => {
      const taken = [...rows.values()];
      rows = new Map();
      return taken;
    },
    giveBack: (taken) => {
      for (const given of taken) {
        const row = rowOf(given.environmentId, given.resolution, given.startTime.getTime());
        if (row) addRow(row, given);
      }
    },
  };
}

function emptyRow(environmentId: string, resolution: TrafficRow['resolution'], startTime: Date): TrafficRow {
  const latencies = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);
  const nothing = { changes: 0, events: 0, attemptsSucceeded: 0, attemptsFailed: 0, latencies };
  return { environmentId, resolution, startTime, ...nothing };
}

function addRow(row: TrafficRow, added: TrafficRow): void {
  row.changes += added.changes;
  row.events += added.events;
  row.attemptsSucceeded += added.attemptsSucceeded;
  row.attemptsFailed += added.attemptsFailed;
  for (const [place, number] of added.latencies.entries()) addAt(row.latencies, place, number);
}

function addAt(counts: number[], place: number, number: number): void {
  counts[place] = (counts[place] ?? 0) + number;
}
