import type { DataSource, EntityManager } from 'typeorm';
import type { EventType } from '@rollcall/contract';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { LONG_READ_MS } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { requireFilterObjects } from './read-event-feed';
import type { FeedFilter } from './read-event-feed';
import { oldestKeptId } from './resolve-feed-start';

/** What a list says of an event; ids are bare. */
export interface EventSummary {
  id: string;
  type: EventType;
  organization_id: string;
  directory_id: string;
  resource_id: string;
  sequence: string;
  occurred_at: Date;
  /** What the event says its object is called. */
  name: string | null;
}

export interface LatestEventsFilter extends FeedFilter {
  /** The one organization whose events the reader may see; bare id. */
  only?: string | undefined;
  /** Inclusive; by when the events were made. */
  fromTime?: Date | undefined;
  toTime?: Date | undefined;
}

/** Events that a page looks at, along an index: a filter that few of them pass ends it there, and the next page goes on. */
const SCANNED = 20_000;
const NAME_MAX = 200;

/**
 * The newest events first, for people to look at: unlike the feed it may show an event before one that commits later. A page may
 * have fewer events than were asked for, or none, and still not be the last. Throws AppError `organization_not_found`,
 * `directory_not_found`.
 * @param retentionSeconds events older than this are not shown
 */
export async function listLatestEvents(
  dataSource: DataSource,
  environmentId: string,
  filter: LatestEventsFilter,
  page: PageRequest,
  retentionSeconds: number,
): Promise<Pick<Page<EventSummary>, 'rows' | 'next'>> {
  return tenantTransaction(dataSource, { environmentId, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireFilterObjects(
      manager,
      { environmentId, ...(filter.only !== undefined && { only: filter.only }) },
      filter,
    );
    const scan = scanOf(environmentId, filter, { retentionSeconds, before: page.cursor?.keys[0] });
    const rows = await readRows(manager, scan, page.size + 1);
    const shown = rows.slice(0, page.size);
    const after = rows.length > page.size ? shown.at(-1)?.id : await readScanEnd(manager, scan);
    return { rows: shown, next: after === undefined ? null : { direction: 'next', keys: [after] } };
  });
}

interface Scan {
  /** Events in the order of an index, newest first. */
  from: string;
  /** Of `from`. */
  params: readonly unknown[];
  /** Which of them are shown. */
  filter: string;
  /** Of `filter`, behind the others. */
  filterParams: readonly unknown[];
}

function scanOf(
  environmentId: string,
  { directoryId, organizationId, only, types, fromTime, toTime }: LatestEventsFilter,
  { retentionSeconds, before }: { retentionSeconds: number; before: string | undefined },
): Scan {
  const params: unknown[] = [];
  const add = (value: unknown) => `$${params.push(value)}`;
  const bounds = [
    `e.environment_id = ${add(environmentId)}`,
    `e.id >= ${oldestKeptId(add(retentionSeconds))}`,
    ...(directoryId === undefined ? [] : [`e.directory_id = ${add(directoryId)}`]),
    ...(before === undefined ? [] : [`e.id < ${add(before)}`]),
    ...(fromTime === undefined ? [] : [`e.id >= ulid_floor(greatest(${add(fromTime)}::timestamptz, 'epoch'))`]),
    ...(toTime === undefined
      ? []
      : [`e.id < ulid_floor(greatest(${add(toTime)}::timestamptz + interval '1 ms', 'epoch'))`]),
  ];
  const bound = params.length;
  const passes = [
    ...[organizationId, only].flatMap((id) => (id === undefined ? [] : [`e.organization_id = ${add(id)}`])),
    ...(types ? [`e.type = ANY (${add(types)}::text[])`] : []),
  ];
  return {
    from: `FROM events e WHERE ${bounds.join(' AND ')} ORDER BY e.id DESC`,
    params: params.slice(0, bound),
    filter: passes.length === 0 ? 'true' : passes.join(' AND '),
    filterParams: params.slice(bound),
  };
}

/** The name is taken out of the body by PostgreSQL: a body may have 256 kB, and nothing else of it is asked for. */
async function readRows(
  manager: EntityManager,
  { from, params, filter, filterParams }: Scan,
  limit: number,
): Promise<EventSummary[]> {
  const { rows } = await runStatement<EventSummary>(
    manager,
    `SELECT e.id, e.type, e.organization_id, e.directory_id, e.resource_id, e.sequence, e.occurred_at,
       left(coalesce(b.data ->> 'name', b.data ->> 'email', b.data ->> 'preferred_username', b.data ->> 'display_name',
         b.data #>> '{group,display_name}'), ${NAME_MAX}) AS name
     FROM (SELECT * FROM (SELECT * ${from} LIMIT ${SCANNED}) e WHERE ${filter} ORDER BY e.id DESC LIMIT ${limit}) e
     CROSS JOIN LATERAL (SELECT e.body::jsonb -> 'data' AS data OFFSET 0) b ORDER BY e.id DESC`,
    [...params, ...filterParams],
  );
  return rows;
}

/** The last event that was looked at, when that was not the last there is. */
async function readScanEnd(manager: EntityManager, { from, params }: Scan): Promise<string | undefined> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT e.id ${from} LIMIT 1 OFFSET ${SCANNED - 1}`,
    params,
  );
  return rows[0]?.id;
}
