import type { DataSource, EntityManager } from 'typeorm';
import type { DescribedDeliveryRow } from '@rollcall/pipeline-store';
import { tenantTransaction, runStatement } from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';

/** One attempt to deliver, as it ended. */
export interface DeliveryAttemptRow {
  delivery_id: string;
  attempt: number;
  start_time: Date;
  status: number | null;
  error: string | null;
  /** Milliseconds by phase. */
  phases: Record<string, number | null>;
  response_headers: Record<string, string>;
  response_body: string;
}

/** One event on its way to one endpoint; ids are bare. */
export interface DeliveryRow extends DescribedDeliveryRow {
  next_attempt_time: Date;
  /** Bare id of the replay that sends it; null = as it happened. */
  replay_id: string | null;
  /** An example event that the owner asked for. */
  test: boolean;
  attempts: DeliveryAttemptRow[];
}

/** Absent = all. */
export interface DeliveryFilter {
  state?: string;
  /** Bare id. */
  eventId?: string;
  /** Bare id. */
  replayId?: string;
}

/** The deliveries of an endpoint with their attempts, newest first. Throws AppError `webhook_endpoint_not_found`. */
export async function listDeliveries(
  dataSource: DataSource,
  scope: EndpointScope,
  { state, eventId, replayId }: DeliveryFilter,
  page: PageRequest,
): Promise<Page<DeliveryRow> & { total: number }> {
  const { environmentId, endpointId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireEndpoint(manager, scope);
    const list = {
      columns: DELIVERY_COLUMNS,
      from: 'deliveries d',
      where: `d.environment_id = $1 AND d.endpoint_id = $2
        AND ($3::text IS NULL OR d.state = $3) AND ($4::text IS NULL OR d.event_id = $4)
        AND ($5::text IS NULL OR d.replay_id = $5)`,
      params: [environmentId, endpointId, state ?? null, eventId ?? null, replayId ?? null],
      keys: [{ sql: 'd.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<Omit<DeliveryRow, 'attempts'>>(manager, list, page);
    return {
      rows: await addAttempts(manager, environmentId, rows),
      next,
      prev,
      total: await countRows(manager, list),
    };
  });
}

export const DELIVERY_COLUMNS = `d.id, d.directory_id, d.endpoint_id, d.event_id, d.event_type, d.sequence, d.state, d.attempt,
  d.first_attempt_time, d.next_attempt_time, d.finish_time, d.last_status, d.last_error, d.replay_id, d.test`;

/** Completes deliveries of one environment with their attempts, first attempt first. */
export async function addAttempts(
  manager: EntityManager,
  environmentId: string,
  deliveries: readonly Omit<DeliveryRow, 'attempts'>[],
): Promise<DeliveryRow[]> {
  const { rows } = await runStatement<DeliveryAttemptRow>(
    manager,
    `SELECT a.delivery_id, a.attempt, a.start_time, a.status, a.error, a.phases, a.response_headers, a.response_body
     FROM delivery_attempts a
     WHERE a.environment_id = $1 AND a.directory_id = ANY ($2) AND a.delivery_id = ANY ($3) ORDER BY a.delivery_id, a.attempt`,
    [environmentId, [...new Set(deliveries.map((row) => row.directory_id))], deliveries.map(({ id }) => id)],
  );
  const attempts = new Map<string, DeliveryAttemptRow[]>(deliveries.map(({ id }) => [id, []]));
  for (const row of rows) attempts.get(row.delivery_id)?.push(row);
  return deliveries.map((delivery) => ({ ...delivery, attempts: attempts.get(delivery.id) ?? [] }));
}
