import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { Replay } from '@rollcall/database';

/** What decides which events a replay sends. */
export type ReplayRange = Pick<
  Replay,
  | 'environmentId'
  | 'endpointId'
  | 'directoryId'
  | 'fromSequence'
  | 'toSequence'
  | 'fromTime'
  | 'toTime'
  | 'types'
  | 'failedOnly'
  | 'snapshot'
  | 'createTime'
>;

/** The endpoint's own filters, as they are now: what it would not get, it does not get by a replay either. */
export interface ReplayFilters {
  eventTypes: readonly string[];
  organizationIds: readonly string[];
}

/**
 * A row that is meant, or the last one of the slice. `number` counts the rows of the slice from 1, also those between;
 * `delivery_id` is the failed delivery, null where every event is sent.
 */
export interface ScannedRow {
  directory_id: string;
  event_id: string;
  type: string;
  sequence: string;
  resource_id: string;
  delivery_id: string | null;
  matches: boolean;
  position: string[];
  number: number;
}

export interface ScanOptions {
  range: ReplayRange;
  filters: ReplayFilters;
  /** Where the slice begins; null = at the start. */
  position: string[] | null;
  /** Rows that the slice has at most, whether they are meant or not. */
  limit: number;
  /** Rows that are wanted: the slice ends with the last of them. */
  room: number;
}

/** The rows of the range after `position` that are meant, in order. Costs what it reads, wherever it begins. */
export async function scanReplayed(manager: EntityManager, options: ScanOptions): Promise<ScannedRow[]> {
  const { sql, params } = scanStatement(options);
  await followIndexes(manager);
  const { rows } = await runStatement<ScannedRow>(manager, sql, params);
  return rows;
}

/** The scan as one statement. */
export function scanStatement({ range, filters, position, limit, room }: ScanOptions): {
  sql: string;
  params: unknown[];
} {
  const { from, where, matches, keys, deliveryId, params } = buildScan(range, filters);
  const values = keys.map(({ type }, index) => `$${params.length + index + 1}::${type}`);
  const order = keys.map(({ sql }) => sql).join(', ');
  const boundary = position ? `AND (${order}) > (${values.join(', ')})` : '';
  return {
    sql: `SELECT * FROM (
       SELECT e.directory_id, e.id AS event_id, e.type, e.sequence, e.resource_id, ${deliveryId} AS delivery_id,
         (${matches}) AS matches, ARRAY[${keys.map(({ sql }) => `(${sql})::text`).join(', ')}] AS position,
         (row_number() OVER (ORDER BY ${order}))::int AS number
       FROM ${from} WHERE ${where} ${boundary} ORDER BY ${order} LIMIT ${limit}
     ) AS slice WHERE matches OR number = ${limit} LIMIT ${room}`,
    params: [...params, ...(position ?? [])],
  };
}

/** How many rows of the range match. */
export async function countReplayed(
  manager: EntityManager,
  range: ReplayRange,
  filters: ReplayFilters,
): Promise<number> {
  const { from, where, matches, params } = buildScan(range, filters);
  const { rows } = await runStatement<{ total: string }>(
    manager,
    `SELECT count(*) AS total FROM ${from} WHERE ${where} AND ${matches}`,
    params,
  );
  return Number(rows[0]?.total ?? 0);
}

/** The scan is read along its index; a filter must not tempt the planner to sort all of the log for one slice. */
export async function followIndexes(manager: EntityManager): Promise<void> {
  await runStatement(
    manager,
    `SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`,
  );
}

interface Scan {
  from: string;
  /** What the index narrows the scan to. */
  where: string;
  /** Which of the scanned rows are meant. */
  matches: string;
  keys: { sql: string; type: string }[];
  deliveryId: string;
  params: unknown[];
}

/** An event is stored at most this long before the time that it names, by clocks that differ. */
const CLOCK_SKEW = `interval '1 hour'`;

function buildScan(range: ReplayRange, filters: ReplayFilters): Scan {
  const params: unknown[] = [];
  const add = (value: unknown) => `$${params.push(value)}`;
  const environment = add(range.environmentId);
  const source = range.failedOnly ? failedDeliveries(range, environment, add) : loggedEvents(range, environment, add);
  const bounds: [unknown, (value: string) => string][] = [
    [range.directoryId, (value) => `e.directory_id = ${value}`],
    [range.fromSequence, (value) => `e.sequence >= ${value}::bigint`],
    [range.toSequence, (value) => `e.sequence <= ${value}::bigint`],
    // An id begins with the time at which the event was stored, which is after it occurred: this leaves old partitions out.
    [range.fromTime, (value) => `e.id >= ulid_floor(${value}::timestamptz - ${CLOCK_SKEW})`],
  ];
  const matches: [unknown, (value: string) => string][] = [
    [range.fromTime, (value) => `e.occurred_at >= ${value}::timestamptz`],
    [range.toTime, (value) => `e.occurred_at <= ${value}::timestamptz`],
    [emptyAsNull(range.types), (value) => `e.type = ANY (${value}::text[])`],
    [emptyAsNull(filters.eventTypes), (value) => `e.type = ANY (${value}::text[])`],
    [emptyAsNull(filters.organizationIds), (value) => `e.organization_id = ANY (${value}::text[])`],
    [range.snapshot, (value) => `pg_visible_in_snapshot(${SERVER_ID}, ${value}::pg_snapshot)`],
  ];
  const toSql = (conditions: typeof bounds) =>
    conditions.flatMap(([value, sql]) => (value === null ? [] : [sql(add(value))])).join(' AND ');
  const where = [source.where, toSql(bounds)].filter((sql) => sql !== '').join(' AND ');
  return { ...source, where, matches: toSql(matches), params };
}

/** By how much the transaction ids of events are ahead of the server's since the database was restored to it. */
const OFFSET = '(SELECT coalesce(max(i.transaction_offset), 0) FROM installation i)';
/** An event's transaction id on this server; one that every snapshot sees where another server wrote it. */
const SERVER_ID = `greatest(e.transaction_id - ${OFFSET}, 3)::text::xid8`;

/** In the order of the feed; one directory's by its numbers. Up to what was committed when the replay was made. */
function loggedEvents(range: ReplayRange, environment: string, add: (value: unknown) => string) {
  const sequence = { sql: 'e.sequence', type: 'bigint' };
  return {
    from: 'events e',
    deliveryId: 'NULL::text',
    where: `e.environment_id = ${environment}
      AND e.transaction_id < (pg_snapshot_xmax(${add(range.snapshot)}::pg_snapshot)::text)::bigint + ${OFFSET}`,
    keys:
      range.directoryId === null
        ? [{ sql: 'e.transaction_id', type: 'bigint' }, { sql: 'e.directory_id', type: 'text' }, sequence]
        : [sequence],
  };
}

/** In the order in which they were made; what fails once more during the replay is not met again. */
function failedDeliveries(range: ReplayRange, environment: string, add: (value: unknown) => string) {
  return {
    from: 'deliveries d JOIN events e ON e.directory_id = d.directory_id AND e.id = d.event_id',
    deliveryId: 'd.id',
    where: `d.environment_id = ${environment} AND d.endpoint_id = ${add(range.endpointId)} AND d.state = 'failed'
      AND d.finish_time < ${add(range.createTime)}::timestamptz + interval '1 millisecond' AND e.environment_id = d.environment_id`,
    keys: [{ sql: 'd.id', type: 'text' }],
  };
}

function emptyAsNull(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list;
}
