import type { DataSource, EntityManager } from 'typeorm';
import { addAttempts, DELIVERY_COLUMNS } from '@rollcall/pipeline-store';
import type { DeliveryRow, DeliveryView } from '@rollcall/pipeline-store';
import { notFound, runStatement, tenantTransaction } from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { oldestKeptId } from './resolve-feed-start';

/** One event of an environment; ids are bare. */
export interface EventScope {
  environmentId: string;
  eventId: string;
  /** The one organization whose events the reader may see. */
  only?: string | undefined;
  /** Events older than this are not shown. */
  retentionSeconds: number;
}

/** The body of an event as it was stored and signed. Throws AppError `event_not_found`. */
export async function findEventBody(dataSource: DataSource, scope: EventScope): Promise<string> {
  const { environmentId } = scope;
  return tenantTransaction(dataSource, { environmentId }, (manager) => readEvent(manager, scope, 'body'));
}

/** The bodies of events, by their bare ids; those that are kept no longer are left out. */
export async function findEventBodies(
  dataSource: DataSource,
  { environmentId, eventIds }: { environmentId: string; eventIds: readonly string[] },
): Promise<Map<string, string>> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = await runStatement<{ id: string; body: string }>(
      manager,
      'SELECT e.id, e.body FROM events e WHERE e.environment_id = $1 AND e.id = ANY ($2::text[])',
      [environmentId, eventIds],
    );
    return new Map(rows.map(({ id, body }) => [id, body]));
  });
}

/** Where an event goes and went, replays included, newest first. Throws AppError `event_not_found`. */
export async function listEventDeliveries(
  dataSource: DataSource,
  scope: EventScope,
  page: PageRequest,
): Promise<Page<DeliveryView> & { total: number }> {
  const { environmentId, eventId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const directoryId = await readEvent(manager, scope, 'directory_id');
    const list = {
      columns: DELIVERY_COLUMNS,
      from: 'deliveries d',
      where: 'd.environment_id = $1 AND d.directory_id = $2 AND d.event_id = $3',
      params: [environmentId, directoryId, eventId],
      keys: [{ sql: 'd.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<DeliveryRow>(manager, list, page);
    const total = await countRows(manager, list);
    return { rows: await addAttempts(manager, environmentId, rows), next, prev, total };
  });
}

/** One column of an event: a body may be a megabyte, which nobody reads who does not show it. */
async function readEvent(
  manager: EntityManager,
  { environmentId, eventId, only, retentionSeconds }: EventScope,
  column: 'body' | 'directory_id',
): Promise<string> {
  const { rows } = await runStatement<{ value: string }>(
    manager,
    `SELECT e.${column} AS value FROM events e
     WHERE e.environment_id = $1 AND e.id = $2 AND ($3::text IS NULL OR e.organization_id = $3) AND e.id >= ${oldestKeptId('$4')}`,
    [environmentId, eventId, only ?? null, retentionSeconds],
  );
  const [event] = rows;
  if (!event) throw notFound('event');
  return event.value;
}
