import type { DataSource } from 'typeorm';
import type { EventType } from '@rollcall/contract';
import { tenantTransaction } from '@rollcall/database';
import { LONG_READ_MS } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { idsWithin, readScan } from '../paging/read-scan';
import type { Scan } from '../paging/read-scan';
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
    return readScan<EventSummary>(manager, scanOf(environmentId, filter, retentionSeconds), page);
  });
}

function scanOf(
  environmentId: string,
  { directoryId, organizationId, only, types, ...times }: LatestEventsFilter,
  retentionSeconds: number,
): Scan {
  return {
    table: 'events',
    alias: 'e',
    bounds: [
      [(parameter) => `e.environment_id = ${parameter}`, environmentId],
      [(parameter) => `e.id >= ${oldestKeptId(parameter)}`, retentionSeconds],
      [(parameter) => `e.directory_id = ${parameter}`, directoryId],
      ...idsWithin('e.id', times),
    ],
    passes: [
      [(parameter) => `e.organization_id = ${parameter}`, organizationId],
      [(parameter) => `e.organization_id = ${parameter}`, only],
      [(parameter) => `e.type = ANY (${parameter}::text[])`, types],
    ],
    columns: `e.id, e.type, e.organization_id, e.directory_id, e.resource_id, e.sequence, e.occurred_at,
      left(coalesce(b.data ->> 'name', b.data ->> 'email', b.data ->> 'preferred_username', b.data ->> 'display_name',
        b.data #>> '{group,display_name}'), ${NAME_MAX}) AS name`,
    // The name is taken out of the body by PostgreSQL: a body may have 256 kB, and nothing else of it is asked for.
    join: `CROSS JOIN LATERAL (SELECT e.body::jsonb -> 'data' AS data OFFSET 0) b`,
  };
}
