import type { DataSource } from 'typeorm';
import { SET_ASIDE_MS } from '@rollcall/events';
import type { Metrics } from '@rollcall/platform';

/** Of so many directories with changes; who probes a process asks every few seconds. */
const DIRECTORIES_MAX = 1_000;
const KEPT_MS = 5_000;
/** Later than this is late: what is drained as it comes waits for less than a second, and a large import for its turn. */
const LATE_SECONDS = 60;

export interface DrainLag {
  /** For how long the oldest change has waited to be published, as of a few seconds ago; null while nobody can say. */
  seconds(): Promise<number | null>;
  /** Whether events come later than they should. */
  isLate(): Promise<boolean>;
}

/** Watches how far the drains of all workers are behind, also as a metric. Asks the database only when it is asked, and seldom. */
export function watchDrainLag(dataSource: DataSource, metrics: Metrics): DrainLag {
  let known: { seconds: number | null; at: number } | undefined;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const seconds = await findOldestChange(dataSource).catch(() => null);
    known = { seconds, at: performance.now() };
    asking = undefined;
  }

  async function seconds(): Promise<number | null> {
    if (!known || performance.now() - known.at > KEPT_MS) {
      asking ??= ask();
      // Only the first has to wait; a database that is slow or away is for another part of the readiness to name.
      if (!known) await asking;
    }
    return known?.seconds ?? null;
  }

  metrics.gauge(
    'rollcall_drain_lag_seconds',
    'For how long the oldest change of any directory has waited to be published.',
    [],
    async (gauge) => {
      const lag = await seconds();
      if (lag !== null) gauge.set(lag);
    },
  );
  return { seconds, isLate: async () => ((await seconds()) ?? 0) > LATE_SECONDS };
}

/** For how many seconds the oldest change of any directory has waited to be published; 0 when none waits. */
export async function findOldestChange(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ seconds: number }[]>(
    `SELECT find_oldest_change($1, $2 * interval '1 millisecond') AS seconds`,
    [DIRECTORIES_MAX, SET_ASIDE_MS],
  );
  return row?.seconds ?? 0;
}
