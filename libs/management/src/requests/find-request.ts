import type { DataSource, EntityManager } from 'typeorm';
import type { DeliveryState, EventType, RequestPublication } from '@rollcall/contract';
import { notFound, runStatement, tenantTransaction } from '@rollcall/database';
import { readEntries, unpackBodies } from '@rollcall/directory';
import type { RequestEntry } from '@rollcall/directory';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { LONG_READ_MS } from '../paging/read-page';
import { readPackOf } from './read-requests';

/** One attempt to deliver an event, as it ended; of the answer its status alone. */
export interface TracedAttempt {
  attempt: number;
  start_time: Date;
  status: number | null;
  error: string | null;
}

/** A delivery of an event that a request led to; ids are bare. */
export interface TracedDelivery {
  id: string;
  event_id: string;
  endpoint_id: string;
  state: DeliveryState;
  attempt: number;
  next_attempt_time: Date;
  finish_time: Date | null;
  /** The first of them; `attempt` says how many there were. */
  attempts: TracedAttempt[];
}

/** An event that a request led to. */
export interface TracedEvent {
  id: string;
  type: EventType;
  sequence: string;
  resource_id: string;
  occurred_at: Date;
  /** Replays left out, oldest first, the first of them; `hasMoreDeliveries`: an environment may have more endpoints. */
  deliveries: TracedDelivery[];
  hasMoreDeliveries: boolean;
}

/** A request, and what came of it. */
export interface RequestTrace extends RequestEntry {
  /** Redacted JSON. */
  request_body: unknown;
  response_body: unknown;
  publication: RequestPublication;
  /** In order, the first of them; `hasMoreEvents`: a deleted group leads to as many as it had members. */
  events: TracedEvent[];
  hasMoreEvents: boolean;
}

/** Events that are shown of one request. */
const EVENTS_SHOWN = 100;
/** Deliveries that are shown of each of them, and attempts of each delivery. */
const DELIVERIES_SHOWN = 50;
const ATTEMPTS_SHOWN = 50;
/** Changes that wait: so many of the newest are looked at for those of one request. */
const PENDING_EXAMINED = 10_000;

/** One request of a directory with its events and their deliveries. Throws AppError `directory_not_found`, `request_not_found`. */
export async function findRequest(
  dataSource: DataSource,
  scope: DirectoryScope,
  requestId: string,
): Promise<RequestTrace> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    const request = await readRequest(manager, scope.directoryId, requestId);
    const found = await readEvents(manager, scope, requestId);
    const events = found.slice(0, EVENTS_SHOWN);
    const publication = await readPublication(manager, scope, request, events.length > 0);
    const hasMoreEvents = found.length > EVENTS_SHOWN;
    return { ...request, publication, events: await addDeliveries(manager, scope, events), hasMoreEvents };
  });
}

type RequestWithBodies = RequestEntry & Pick<RequestTrace, 'request_body' | 'response_body'>;

async function readRequest(manager: EntityManager, directoryId: string, requestId: string): Promise<RequestWithBodies> {
  const pack = await readPackOf(manager, directoryId, requestId);
  if (!pack) throw notFound('request');
  const entries = readEntries(pack.entries);
  const index = entries.findIndex(({ id }) => id === requestId);
  const entry = entries[index];
  if (!entry) throw notFound('request');
  const [request_body, response_body] = unpackBodies(pack)?.[index] ?? [null, null];
  return { ...entry, request_body, response_body };
}

type EventRow = Omit<TracedEvent, 'deliveries' | 'hasMoreDeliveries'>;
type DeliveryRow = Omit<TracedDelivery, 'attempts'>;

async function readEvents(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  requestId: string,
): Promise<EventRow[]> {
  const { rows } = await runStatement<EventRow>(
    manager,
    // Each write of a Bulk request has a span of its own behind the request's id, so that the index has not the events' order.
    `SELECT e.id, e.type, e.sequence, e.resource_id, e.occurred_at FROM (SELECT * FROM events
       WHERE directory_id = $1 AND request_id >= $2 AND request_id < $2 || ';' OFFSET 0) e
     ORDER BY e.sequence LIMIT ${EVENTS_SHOWN + 1}`,
    [directoryId, requestId],
  );
  return rows;
}

async function addDeliveries(
  manager: EntityManager,
  scope: DirectoryScope,
  events: readonly EventRow[],
): Promise<TracedEvent[]> {
  const found = groupBy(await readDeliveries(manager, scope, events), ({ event_id }) => event_id);
  const shown = [...found.values()].flatMap((deliveries) => deliveries.slice(0, DELIVERIES_SHOWN));
  const attempts = groupBy(await readAttempts(manager, scope, shown), ({ delivery_id }) => delivery_id);
  const traced = shown.map((delivery) => ({
    ...delivery,
    attempts: attempts.get(delivery.id) ?? [],
  }));
  const deliveriesOf = groupBy(traced, ({ event_id }) => event_id);
  return events.map((event) => ({
    ...event,
    deliveries: deliveriesOf.get(event.id) ?? [],
    hasMoreDeliveries: (found.get(event.id)?.length ?? 0) > DELIVERIES_SHOWN,
  }));
}

/** Of each event one more than are shown, if there is one. */
async function readDeliveries(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  events: readonly EventRow[],
): Promise<DeliveryRow[]> {
  const { rows } = await runStatement<DeliveryRow>(
    manager,
    `SELECT d.id, d.event_id, d.endpoint_id, d.state, d.attempt, d.next_attempt_time, d.finish_time
     FROM unnest($2::text[]) AS e (id), LATERAL (
       SELECT * FROM deliveries x WHERE x.directory_id = $1 AND x.event_id = e.id AND x.replay_id IS NULL
       ORDER BY x.id LIMIT ${DELIVERIES_SHOWN + 1}) d
     ORDER BY d.id`,
    [directoryId, events.map(({ id }) => id)],
  );
  return rows;
}

async function readAttempts(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  deliveries: readonly DeliveryRow[],
): Promise<(TracedAttempt & { delivery_id: string })[]> {
  const { rows } = await runStatement<TracedAttempt & { delivery_id: string }>(
    manager,
    `SELECT a.delivery_id, a.attempt, a.start_time, a.status, a.error FROM unnest($2::text[]) AS d (id), LATERAL (
       SELECT * FROM delivery_attempts x WHERE x.directory_id = $1 AND x.delivery_id = d.id
       ORDER BY x.attempt LIMIT ${ATTEMPTS_SHOWN}) a
     ORDER BY a.delivery_id, a.attempt`,
    [directoryId, deliveries.map(({ id }) => id)],
  );
  return rows;
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

/** What has become of a request's changes; see RequestPublication. */
async function readPublication(
  manager: EntityManager,
  { directoryId }: DirectoryScope,
  { id, outcome, resource_id }: RequestEntry,
  hasEvents: boolean,
): Promise<RequestPublication> {
  const { rows } = await runStatement<{ waits: boolean | null; set_aside: boolean | null; held: boolean }>(
    manager,
    `SELECT bool_or(true) AS waits, bool_or(c.set_aside_time IS NOT NULL) AS set_aside, EXISTS (
       SELECT 1 FROM held_users h WHERE h.directory_id = $1 AND h.user_id = $3 AND h.hold_id IS NOT NULL) AS held
     FROM (SELECT x.request_id, x.set_aside_time FROM changes x WHERE x.directory_id = $1
       ORDER BY x.id DESC LIMIT ${PENDING_EXAMINED}) c WHERE split_part(c.request_id, ':', 1) = $2`,
    [directoryId, id, resource_id],
  );
  const { waits, set_aside, held } = rows[0] ?? { waits: null, set_aside: null, held: false };
  if (set_aside) return 'set_aside';
  if (waits) return 'pending';
  if (hasEvents) return 'published';
  if (outcome !== 'changed') return 'nothing';
  return held ? 'held' : 'no_event';
}
