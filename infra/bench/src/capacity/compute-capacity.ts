import type { Cost, Costs } from './read-costs';

/** What is to be carried: the size of an installation, and how it is used. */
export interface Demand {
  organizations: number;
  /** In the mean. */
  usersPerOrganization: number;
}

/** What an installation takes. */
export interface Capacity {
  users: number;
  /** At the busiest time, a second. */
  writes: number;
  reads: number;
  ingresses: number;
  workers: number;
  /** Of all PostgreSQL servers together. */
  databaseCores: number;
  databaseMemoryGb: number;
  storageGb: number;
  /** What point-in-time recovery keeps of a day. */
  walGbPerDay: number;
  /** Of all processes, while one of each is replaced, to each PostgreSQL. */
  connectionsPerCell: number;
  /** PostgreSQL servers among which the organizations are divided. */
  cells: number;
  step: Step;
}

/** What to add next, in this order. */
export type Step = 'one machine' | 'own PostgreSQL and Redis' | 'more ingresses and workers' | 'cells';

/** How an organization is taken to behave. Each can be doubted: what is measured is in {@link Costs} and {@link BYTES}. */
export const BEHAVIOUR = {
  membershipsPerUser: 5,
  /** Changes a day of one user: joiners, leavers, and what else is written about people who stay. */
  changesPerUserAndDay: 0.02,
  /** How much more comes in the busiest minutes than in the mean. */
  peak: 10,
  /** Requests that read, for each change: identity providers look before they write, and compare now and then. */
  readsPerChange: 3,
  /** One of so many organizations is imported for the first time at a busy time: at least one is. */
  organizationsPerImport: 1_000,
  /** What Entra ID sends; a user takes two requests, a look-up and a create. */
  requestsPerSecondOfImport: 25,
  /** Webhook endpoints that get each event. */
  endpoints: 1,
  retentionDays: 30,
} as const;

/** Bytes of PostgreSQL's disk, indexes and all; {@link BYTES_SOURCE} says how they were measured. */
export const BYTES = {
  /** The resource, what was published of it, its addresses, and what a search finds it by. */
  user: 7_200,
  membership: 800,
  event: 2_200,
  /** With its one attempt. */
  delivery: 2_000,
  /** What the log of requests keeps of a write. */
  request: 2_000,
  /** Of the write-ahead log, for a write from its request to its delivery: what a standby or an archive is sent. */
  walOfWrite: 23_000,
} as const;

export const BYTES_SOURCE =
  'pg_total_relation_size of each table, and pg_current_wal_lsn, before and after 3,000 users of `buildOktaUser` and five groups of all of them went through SCIM and were delivered to one endpoint (2026-11-30, PostgreSQL 18.4)';

/** Connections of one process to PostgreSQL with its queue in Redis, as the README's table has them. */
export const CONNECTIONS = { ingress: 31, worker: 13, spare: 10 } as const;

/** How full what is planned may be. The rest is for what comes unevenly, for dead rows and vacuum, and for one of two that is away. */
export const HEADROOM = { process: 0.6, database: 0.5, storage: 0.6 } as const;

/** A PostgreSQL of this size is vacuumed, restored and replaced within an hour or so. */
export const CELL = { users: 25_000_000, storageGb: 1_000, databaseCores: 16 } as const;

/** What one machine of two cores and 8 GB carries alone. */
export const ALONE = { databaseCores: 1, users: 1_000_000 } as const;

/** Writes a second up to which next to nothing is shared, at which the cost of a lone write was measured. */
const LONE_WRITES = 100;

/** PostgreSQL's memory: for itself and its connections, and for the part of the data that is used again and again. */
const MEMORY = { baseGb: 2, hotShare: 0.25 } as const;

const SECONDS_PER_DAY = 86_400;
const GB = 1e9;

/** Works out what it takes to carry a demand, from what single operations were measured to cost. */
export function computeCapacity({ organizations, usersPerOrganization }: Demand, costs: Costs): Capacity {
  const users = organizations * usersPerOrganization;
  const imports = Math.ceil(organizations / BEHAVIOUR.organizationsPerImport);
  const created = (imports * BEHAVIOUR.requestsPerSecondOfImport) / 2;
  const changed = ((users * BEHAVIOUR.changesPerUserAndDay) / SECONDS_PER_DAY) * BEHAVIOUR.peak;
  const writes = created + changed;
  const read = changed * BEHAVIOUR.readsPerChange;
  const reads = created + read;
  const { ingress, worker, database } = processorTime({ created, changed, read }, costs);
  const storageGb = storage(users) / GB / HEADROOM.storage;
  const databaseCores = Math.max(1, database / HEADROOM.database);
  const ingresses = Math.max(2, Math.ceil(ingress / HEADROOM.process));
  const workers = Math.max(2, Math.ceil(worker / HEADROOM.process));
  const cells = Math.ceil(
    Math.max(users / CELL.users, storageGb / CELL.storageGb, databaseCores / CELL.databaseCores, 1),
  );
  return {
    users,
    writes,
    reads,
    ingresses,
    workers: Math.max(workers, 2 * cells),
    databaseCores: Math.ceil(databaseCores),
    databaseMemoryGb: Math.ceil(cells * MEMORY.baseGb + MEMORY.hotShare * ((users * BYTES.user) / GB)),
    storageGb: Math.ceil(storageGb),
    walGbPerDay: Math.ceil((users * BEHAVIOUR.changesPerUserAndDay * BYTES.walOfWrite) / GB),
    connectionsPerCell: connections(ingresses, Math.max(2, Math.ceil(workers / cells))),
    cells,
    step: chooseStep({ cells, databaseCores, users, processes: ingresses + workers }),
  };
}

/** Seconds of a processor a second. */
function processorTime(
  { created, changed, read }: { created: number; changed: number; read: number },
  costs: Costs,
): { ingress: number; worker: number; database: number } {
  const writes = created + changed;
  const lone = Math.min(1, LONE_WRITES / writes);
  // Of changes a third each replaces a user, patches one and changes a group.
  const change = mean(costs.replace, costs.patch, costs.member);
  const written = weigh([costs.create, created], [change, changed]);
  const shown = weigh([costs.find, created + read / 2], [costs.read, read / 2]);
  const published = scale(costs.event, writes);
  const delivered = scale(costs.delivery, writes * BEHAVIOUR.endpoints);
  // What is not shared is measured for ingress and worker together, and taken to be half of each.
  const alone = scale(costs.loneWrite, writes * lone);
  const shared = 1 - lone;
  return {
    ingress: (written.server * shared + alone.server / 2 + shown.server) / 1_000,
    worker: ((published.server + delivered.server) * shared + alone.server / 2) / 1_000,
    database:
      ((written.database + published.database + delivered.database) * shared + alone.database + shown.database) / 1_000,
  };
}

function storage(users: number): number {
  const changes = users * BEHAVIOUR.changesPerUserAndDay * BEHAVIOUR.retentionDays;
  const perUser = BYTES.user + BYTES.membership * BEHAVIOUR.membershipsPerUser;
  return users * perUser + changes * (BYTES.event + BYTES.delivery * BEHAVIOUR.endpoints + BYTES.request);
}

/** While one process of each kind is replaced there is one more of it. */
function connections(ingresses: number, workers: number): number {
  return (ingresses + 1) * CONNECTIONS.ingress + (workers + 1) * CONNECTIONS.worker + CONNECTIONS.spare;
}

function chooseStep(size: { cells: number; databaseCores: number; users: number; processes: number }): Step {
  if (size.cells > 1) return 'cells';
  if (size.processes > 4) return 'more ingresses and workers';
  const fitsOneMachine = size.databaseCores <= ALONE.databaseCores && size.users <= ALONE.users;
  return fitsOneMachine ? 'one machine' : 'own PostgreSQL and Redis';
}

function scale({ server, database }: Cost, times: number): Cost {
  return { server: server * times, database: database * times };
}

function weigh(...parts: readonly (readonly [Cost, number])[]): Cost {
  return parts.reduce((sum, [cost, times]) => add(sum, scale(cost, times)), { server: 0, database: 0 });
}

function mean(...costs: readonly Cost[]): Cost {
  return scale(costs.reduce(add), 1 / costs.length);
}

function add(left: Cost, right: Cost): Cost {
  return { server: left.server + right.server, database: left.database + right.database };
}
