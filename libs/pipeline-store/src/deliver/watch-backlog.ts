import type { DataSource } from 'typeorm';
import { PENDING_COUNT_MAX } from '@rollcall/contract';
import type { Metrics } from '@rollcall/platform';

/** Of so many endpoints it is looked up; more of them the sweeps take longer to go round anyway. */
const ENDPOINTS_MAX = 2_000;
/** Prometheus asks about as often. */
const KEPT_MS = 10_000;

interface Backlog {
  due: number;
  oldestDueSeconds: number;
  leasesExpired: number;
  circuitsOpen: number;
  directoriesHeld: number;
}

/** Declares the metrics of what waits in all of the installation. Asks the database only at a scrape, and seldom. */
export function watchBacklog(dataSource: DataSource, metrics: Metrics): void {
  let known: { backlog: Backlog | null; at: number } | undefined;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const backlog = await readBacklog(dataSource).catch(() => null);
    known = { backlog, at: performance.now() };
    asking = undefined;
  }

  async function read(): Promise<Backlog | null> {
    if (!known || performance.now() - known.at > KEPT_MS) {
      asking ??= ask();
      // Only the first has to wait: a scrape ends soon also while the database is slow.
      if (!known) await asking;
    }
    return known?.backlog ?? null;
  }

  for (const [name, help, valueOf] of GAUGES) {
    metrics.gauge(name, help, [], async (gauge) => {
      const backlog = await read();
      // What nobody knows has no value.
      if (backlog) gauge.set(valueOf(backlog));
      else gauge.remove();
    });
  }
}

const GAUGES: readonly (readonly [name: string, help: string, valueOf: (backlog: Backlog) => number])[] = [
  [
    'rollcall_deliveries_due',
    `Deliveries that are due, also behind an earlier one of their line, counted up to ${PENDING_COUNT_MAX}; not those to endpoints whose circuit is open.`,
    ({ due }) => due,
  ],
  [
    'rollcall_deliveries_oldest_due_seconds',
    'For how long the oldest of the due deliveries has been due.',
    ({ oldestDueSeconds }) => oldestDueSeconds,
  ],
  [
    'rollcall_deliveries_lease_expired',
    'Deliveries that a worker took and did not give back in time, and that no other has taken yet.',
    ({ leasesExpired }) => leasesExpired,
  ],
  [
    'rollcall_endpoint_circuits_open',
    'Webhook endpoints that failed so often that only a probe goes out now and then.',
    ({ circuitsOpen }) => circuitsOpen,
  ],
  [
    'rollcall_directories_held',
    'Directories whose deprovisionings are held back until somebody decides.',
    ({ directoriesHeld }) => directoriesHeld,
  ],
];

async function readBacklog(dataSource: DataSource): Promise<Backlog> {
  const [row] = await dataSource.query<Record<string, string | number>[]>(
    'SELECT * FROM read_delivery_backlog($1, $2)',
    [ENDPOINTS_MAX, PENDING_COUNT_MAX],
  );
  return {
    due: Number(row?.due),
    oldestDueSeconds: Number(row?.oldest_due_seconds),
    leasesExpired: Number(row?.leases_expired),
    circuitsOpen: Number(row?.circuits_open),
    directoriesHeld: Number(row?.directories_held),
  };
}
