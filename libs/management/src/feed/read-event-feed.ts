import type { DataSource, EntityManager } from 'typeorm';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { LONG_READ_MS } from '../paging/read-page';
import { SCANNED } from '../paging/read-scan';
import { oldestKeptId, readDirectoryStanding, resolveStart } from './resolve-feed-start';
import type { FeedPosition, FeedReader, FeedStanding, FeedStart, ResolvedStart } from './resolve-feed-start';

/** Which events; absent = all of the environment. Ids are bare. */
export interface FeedFilter {
  organizationId?: string;
  directoryId?: string;
  types?: readonly string[];
}

export interface FeedPage {
  /** Event bodies as they were stored and signed, in feed order. */
  bodies: string[];
  /** Where the next page begins. */
  next: FeedPosition;
  hasMore: boolean;
  /** The transaction that keeps later events from being shown, if there is one; it is the same until it is over. */
  heldBy: string | null;
}

export interface FeedOptions {
  filter: FeedFilter;
  /** The one organization, by its bare id, whose events the reader may see; to it nothing else is there. */
  only?: string;
  start: FeedStart;
  /** 1–1000. */
  size: number;
  /** Events older than this may have been dropped, seconds. */
  retentionSeconds: number;
}

/** Rows read at a time, and the size at which a page ends early: an event may have 256 kB. */
const CHUNK = 100;
const PAGE_BYTES = 8_000_000;

/**
 * One page of the event feed. Over several directories it is read in (transaction id, directory, sequence) order and only below
 * the oldest transaction of the database still running, so that nothing can commit behind a reader; within one directory by its sequence.
 * Throws AppError `events_expired` (410) for a position that retention has dropped, `events_ahead` (410) for one that the server has
 * not reached or that is of another epoch, 404 for an unknown object.
 */
export async function readEventFeed(
  dataSource: DataSource,
  environmentId: string,
  { filter: asked, only, start, size, retentionSeconds }: FeedOptions,
): Promise<FeedPage> {
  return tenantTransaction(dataSource, { environmentId, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireFilterObjects(manager, { environmentId, only }, asked);
    const filter = only === undefined ? asked : { ...asked, organizationId: only };
    const horizon = await readHorizon(manager, retentionSeconds);
    const { directoryId } = filter;
    const directory =
      directoryId === undefined ? undefined : await readDirectoryStanding(manager, directoryId, retentionSeconds);
    const standing = { feedEpoch: horizon.feedEpoch, directory, retentionSeconds };
    const after = await resolveStart(manager, { environmentId, only }, start, standing);
    const statement = feedStatement(environmentId, filter, horizon);
    const { bodies, last, hasMore } = await readPage(manager, statement, after, size);
    const next = nextPosition({ hasMore, last, after, horizon, standing });
    return { bodies, hasMore, next, heldBy: horizon.heldBy };
  });
}

/** The events of a page and the last that was looked at, which the next page begins behind. */
async function readPage(
  manager: EntityManager,
  statement: FeedStatement,
  after: ResolvedStart,
  size: number,
): Promise<{ bodies: string[]; last: EventPlace | undefined; hasMore: boolean }> {
  const bodies: string[] = [];
  let last: EventPlace | undefined;
  for (let bytes = 0; bodies.length < size && bytes < PAGE_BYTES;) {
    const limit = Math.min(CHUNK, size - bodies.length);
    const from = last ? positionOf(last) : after;
    const rows = await readChunk(manager, statement, from, limit + 1);
    for (const row of rows.slice(0, limit)) {
      bodies.push(row.body);
      bytes += row.body.length;
      last = row;
    }
    if (rows.length <= limit) {
      const end = await readScanEnd(manager, statement, from);
      return { bodies, last: end ?? last, hasMore: end !== undefined };
    }
  }
  return { bodies, last, hasMore: true };
}

interface EventPlace {
  id: string;
  directory_id: string;
  sequence: string;
  transaction_id: string;
}

type EventRow = EventPlace & { body: string };

interface Horizon {
  /** Every transaction below this one is over, and what it wrote is visible to the statements that follow. As events store it. */
  transactionId: string;
  /** The server's id of that transaction, when it is running. */
  heldBy: string | null;
  feedEpoch: number;
  time: string;
  /** The id below which events are too old to be shown. */
  oldestId: string;
}

/** Throws AppError `organization_not_found`, `directory_not_found` for what a filter names and is not there, or not for the reader. */
export async function requireFilterObjects(
  manager: EntityManager,
  { environmentId, only }: FeedReader,
  { organizationId, directoryId }: FeedFilter,
): Promise<void> {
  // Tombstones count: the events of what was deleted stay readable.
  for (const [noun, table, owner, id] of [
    ['organization', 'organizations', 'id', organizationId],
    ['directory', 'directories', 'organization_id', directoryId],
  ] as const) {
    if (id === undefined) continue;
    const { rows } = await runStatement(
      manager,
      `SELECT 1 FROM ${table} WHERE environment_id = $1 AND id = $2 AND ($3::text IS NULL OR ${owner} = $3)`,
      [environmentId, id, only ?? null],
    );
    if (rows.length === 0) throw notFound(noun);
  }
}

async function readHorizon(manager: EntityManager, retentionSeconds: number): Promise<Horizon> {
  // The feed is read along its index; a filter must not tempt the planner to sort all of it for one page.
  await runStatement(
    manager,
    `SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`,
  );
  const { rows } = await runStatement<HorizonRow>(manager, READ_HORIZON, [retentionSeconds]);
  const [row] = rows;
  return {
    transactionId: row?.horizon ?? '0',
    heldBy: row?.held_by ?? null,
    feedEpoch: Number(row?.feed_epoch ?? 1),
    time: row?.time ?? '0',
    oldestId: row?.oldest_id ?? '',
  };
}

interface HorizonRow {
  horizon: string;
  held_by: string | null;
  feed_epoch: string;
  time: string;
  oldest_id: string;
}

/**
 * The oldest transaction that is still running and may write events; when there is none, the next one that begins. Transaction ids
 * are the server's, and so are those that a snapshot names as running: of these the ones that run in another database can write
 * nothing here. Only what is seen to run there is left out; a prepared transaction, say, counts. In a database that was restored to
 * a server whose ids are lower, those of events are ahead by an offset.
 */
const READ_HORIZON = `
  WITH running AS (SELECT pg_snapshot_xip(pg_current_snapshot())::text::bigint AS id),
  elsewhere AS MATERIALIZED (
    SELECT a.backend_xid::text::bigint AS id FROM pg_stat_get_activity(NULL) a
    WHERE a.backend_xid IS NOT NULL AND a.datid <> (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND EXISTS (SELECT 1 FROM running)),
  oldest AS (SELECT min(r.id) AS id FROM running r
    WHERE NOT EXISTS (SELECT 1 FROM elsewhere e WHERE e.id = r.id % 4294967296))
  SELECT (coalesce(o.id, pg_snapshot_xmax(pg_current_snapshot())::text::bigint) + coalesce(i.transaction_offset, 0))::text AS horizon,
    o.id::text AS held_by, coalesce(i.feed_epoch, 1) AS feed_epoch,
    floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS time, ${oldestKeptId('$1')} AS oldest_id
  FROM oldest o LEFT JOIN installation i ON true`;

/** SQL up to the position, which its last parameters are. */
interface FeedStatement {
  /** Whose events are looked at, along an index. */
  where: string;
  params: readonly unknown[];
  /** Which of them are shown: conditions on a column, all of which must hold. */
  filter: readonly { column: string; value: readonly string[] }[];
  byDirectory: boolean;
}

function feedStatement(
  environmentId: string,
  { organizationId, directoryId, types }: FeedFilter,
  horizon: Horizon,
): FeedStatement {
  const params: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown) => `$${params.push(value)}`;
  const byDirectory = directoryId !== undefined;
  if (byDirectory) {
    // One directory, which is of this environment, is drained by one transaction at a time: its events appear in order.
    conditions.push(`e.directory_id = ${add(directoryId)}`);
  } else {
    conditions.push(
      `e.environment_id = ${add(environmentId)}`,
      `e.transaction_id < ${add(horizon.transactionId)}::bigint`,
    );
  }
  conditions.push(`e.id >= ${add(horizon.oldestId)}::text`);
  const filter = [
    ...(organizationId === undefined ? [] : [{ column: 'organization_id', value: [organizationId] }]),
    ...(types ? [{ column: 'type', value: types }] : []),
  ];
  return { where: conditions.join(' AND '), params, filter, byDirectory };
}

async function readChunk(
  manager: EntityManager,
  statement: FeedStatement,
  after: ResolvedStart,
  limit: number,
): Promise<EventRow[]> {
  const { scan, order, values } = scanFrom(statement, after);
  const columns = 'e.id, e.directory_id, e.sequence, e.transaction_id, e.body';
  const passes = statement.filter.map(({ column }, n) => `e.${column} = ANY ($${values.length + n + 1}::text[])`);
  const text =
    passes.length === 0
      ? `SELECT ${columns} ${scan}`
      : `SELECT ${columns} FROM (SELECT * ${scan} LIMIT ${SCANNED}) e WHERE ${passes.join(' AND ')} ORDER BY ${order}`;
  const { rows } = await runStatement<EventRow>(manager, `${text} LIMIT ${limit}`, [
    ...values,
    ...statement.filter.map(({ value }) => value),
  ]);
  return rows;
}

/** The last event that a chunk has looked at, when a filter ended it before the end of the feed. */
async function readScanEnd(
  manager: EntityManager,
  statement: FeedStatement,
  after: ResolvedStart,
): Promise<EventPlace | undefined> {
  if (statement.filter.length === 0) return undefined;
  const { scan, values } = scanFrom(statement, after);
  const { rows } = await runStatement<EventPlace>(
    manager,
    `SELECT e.id, e.directory_id, e.sequence, e.transaction_id ${scan} OFFSET ${SCANNED - 1} LIMIT 1`,
    values,
  );
  return rows[0];
}

/** The events behind a position, in the feed's order. */
function scanFrom(
  { where, params, byDirectory }: FeedStatement,
  after: ResolvedStart,
): { scan: string; order: string; values: unknown[] } {
  const first = params.length + 1;
  const isSequence = byDirectory && after.kind === 'sequence';
  const boundary = isSequence
    ? `e.sequence > $${first}::bigint`
    : `(e.transaction_id, e.directory_id, e.sequence) > ($${first}::bigint, $${first + 1}::text, $${first + 2}::bigint)`;
  const values = isSequence ? [after.sequence] : [after.transactionId, after.directoryId, after.sequence];
  const order = byDirectory ? 'e.sequence' : 'e.transaction_id, e.directory_id, e.sequence';
  const scan = `FROM events e WHERE ${where} AND ${boundary} ORDER BY ${order}`;
  return { scan, order, values: [...params, ...values] };
}

function positionOf(row: EventPlace): ResolvedStart {
  return {
    kind: 'sequence',
    transactionId: row.transaction_id,
    directoryId: row.directory_id,
    sequence: row.sequence,
  };
}

/**
 * After a page that is not the last: its last event. After the last: for one directory the same, for the whole feed the horizon,
 * because everything below it has been read, so that the position of a reader that keeps up never grows old.
 */
function nextPosition({ hasMore, last, after, horizon, standing }: PageEnd): FeedPosition {
  const byDirectory = standing.directory !== undefined;
  const given = { time: horizon.time, feedEpoch: standing.feedEpoch, epoch: standing.directory?.epoch };
  if (last && (hasMore || byDirectory)) {
    const { transaction_id: transactionId, directory_id: directoryId, sequence, id } = last;
    return { transactionId, directoryId, sequence, eventId: id, ...given };
  }
  // A start at an event above the horizon stays: going back would repeat it.
  const isAhead = BigInt(after.transactionId) >= BigInt(horizon.transactionId);
  const place =
    isAhead || (byDirectory && after.kind === 'sequence')
      ? after
      : { transactionId: horizon.transactionId, directoryId: '', sequence: '0' };
  const { transactionId, directoryId, sequence } = place;
  return { transactionId, directoryId, sequence, eventId: null, ...given };
}

interface PageEnd {
  hasMore: boolean;
  last: EventPlace | undefined;
  after: ResolvedStart;
  horizon: Horizon;
  standing: FeedStanding;
}
