import type { ConnectOptions } from './connect-database';
import { createPool } from './create-pool';
import { isShortage } from './is-database-unavailable';

/** A database that takes longer than this to answer serves nobody. */
const PROBE_TIMEOUT_MS = 2_000;
/** So long after a failure for want of something it is not asked whether there is enough again. */
const SHORTAGE_MS = 5_000;

export interface DatabaseProbe {
  /** Whether the database answers soon enough to be of use, and takes writes. */
  answers(): Promise<boolean>;
  /** Told of what failed elsewhere: a database that has come to the end of its disk or its connections still answers here. */
  tell(error: unknown): void;
  end(): Promise<void>;
}

/**
 * Asks the database on a connection of its own, so that it says how the database is and not how many wait for a connection.
 * Probes that come together share one question.
 */
export function openProbe(options: ConnectOptions): DatabaseProbe {
  // Whoever is told of a lost connection has asked for it: the answer is no.
  const pool = createPool({ ...options, poolSize: 1, onError: () => undefined });
  let asking: Promise<boolean> | undefined;
  let shortUntil = -Infinity;

  async function ask(): Promise<boolean> {
    const answer = await takesWrites().catch(() => false);
    asking = undefined;
    return answer;
  }

  async function takesWrites(): Promise<boolean> {
    const client = await pool.connect();
    let isWritable = false;
    try {
      const { rows } = await client.query<{ reads: string }>(
        `SELECT current_setting('transaction_read_only') AS reads`,
      );
      isWritable = rows[0]?.reads === 'off';
    } finally {
      // Whoever asks next may be led to another server.
      client.release(!isWritable);
    }
    return isWritable;
  }

  return {
    tell: (error) => {
      if (isShortage(error)) shortUntil = performance.now() + SHORTAGE_MS;
    },
    answers: async () => {
      if (performance.now() < shortUntil) return false;
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
      });
      asking ??= ask();
      return Promise.race([asking, timeout]).finally(() => clearTimeout(timer));
    },
    end: () => pool.end(),
  };
}
