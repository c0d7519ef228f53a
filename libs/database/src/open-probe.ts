import type { ConnectOptions } from './connect-database';
import { createPool } from './create-pool';

/** A database that takes longer than this to answer `SELECT 1` serves nobody. */
const PROBE_TIMEOUT_MS = 2_000;

export interface DatabaseProbe {
  /** Whether the database answers soon enough to be of use. */
  answers(): Promise<boolean>;
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

  async function ask(): Promise<boolean> {
    const answer = await pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    asking = undefined;
    return answer;
  }

  return {
    answers: async () => {
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
