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
  return tenantTransaction(dataSource, { environmentId }, async (manager) => (await requireEvent(manager, scope)).body);
}

/** Where an event goes and went, replays included, newest first. Throws AppError `event_not_found`. */
export async function listEventDeliveries(
  dataSource: DataSource,
  scope: EventScope,
  page: PageRequest,
): Promise<Page<DeliveryView> & { total: number }> {
  const { environmentId, eventId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const event = await requireEvent(manager, scope);
    const list = {
      columns: DELIVERY_COLUMNS,
      from: 'deliveries d',
      where: 'd.environment_id = $1 AND d.directory_id = $2 AND d.event_id = $3',
      params: [environmentId, event.directory_id, eventId],
      keys: [{ sql: 'd.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<DeliveryRow>(manager, list, page);
    const total = await countRows(manager, list);
    return { rows: await addAttempts(manager, environmentId, rows), next, prev, total };
  });
}

async function requireEvent(
  manager: EntityManager,
  { environmentId, eventId, only, retentionSeconds }: EventScope,
): Promise<{ directory_id: string; body: string }> {
  const { rows } = await runStatement<{ directory_id: string; body: string }>(
    manager,
    `SELECT e.directory_id, e.body FROM events e
     WHERE e.environment_id = $1 AND e.id = $2 AND ($3::text IS NULL OR e.organization_id = $3) AND e.id >= ${oldestKeptId('$4')}`,
    [environmentId, eventId, only ?? null, retentionSeconds],
  );
  const [event] = rows;
  if (!event) throw notFound('event');
  return event;
}
