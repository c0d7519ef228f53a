import type { Round } from './start-round';

/** What a worker that was killed has left behind: how many deliveries or changes are in which state. */
export interface Leftovers {
  /** Leased, and its receiver never had it. */
  readonly leasedUnsent: number;
  /** Leased, and its receiver had it: the result is not recorded. */
  readonly leasedSent: number;
  /** Never leased. */
  readonly untouched: number;
  readonly succeeded: number;
  /** Writes that are not events yet. */
  readonly changes: number;
  /** Directories whose events and counter do not fit together. */
  readonly tornDirectories: number;
}

/** Looks at what is stored of a round while no worker runs. */
export async function readLeftovers({ system, directories, endpoints }: Round): Promise<Leftovers> {
  const directoryIds = directories.map(({ directoryId }) => directoryId.replace('dir_', ''));
  const { rows } = await system.database.query<{
    endpoint: string;
    event: string;
    state: string;
    leased: boolean | null;
  }>(
    `SELECT endpoint_id AS endpoint, event_id AS event, state, claimed_until > now() AS leased FROM deliveries
     WHERE endpoint_id = ANY ($1)`,
    [endpoints.map(({ id }) => id.replace('whe_', ''))],
  );
  const received = new Set(
    endpoints.flatMap(({ id, receiver }) =>
      receiver.requests.map(({ headers }) => `${id} ${String(headers['webhook-id'])}`),
    ),
  );
  const pending = rows.filter(({ state }) => state === 'pending');
  const leased = pending.filter((row) => row.leased);
  const sent = leased.filter(({ endpoint, event }) => received.has(`whe_${endpoint} evt_${event}`));
  const log = await system.database.query<{ changes: number; torn: number }>(
    `SELECT (SELECT count(*)::int FROM changes WHERE directory_id = ANY ($1)) AS changes,
       (SELECT count(*)::int FROM directory_counters c WHERE c.directory_id = ANY ($1) AND c.last_sequence
         <> (SELECT count(*) FROM events e WHERE e.directory_id = c.directory_id)) AS torn`,
    [directoryIds],
  );
  return {
    leasedUnsent: leased.length - sent.length,
    leasedSent: sent.length,
    untouched: pending.filter((row) => row.leased === null).length,
    succeeded: rows.filter(({ state }) => state === 'succeeded').length,
    changes: log.rows[0]?.changes ?? 0,
    tornDirectories: log.rows[0]?.torn ?? 0,
  };
}

/** Lets the leases of a killed worker end now instead of after their 30 s. Only while no worker runs. */
export async function endLeases({ system }: Pick<Round, 'system'>): Promise<void> {
  await system.database.query('UPDATE deliveries SET claimed_until = now() WHERE claimed_until > now()');
}
