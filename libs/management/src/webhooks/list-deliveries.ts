import type { DataSource } from 'typeorm';
import { addAttempts, DELIVERY_COLUMNS } from '@rollcall/pipeline-store';
import type { DeliveryRow, DeliveryView } from '@rollcall/pipeline-store';
import { tenantTransaction } from '@rollcall/database';
import { countRows, LONG_READ_MS, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';

/** Absent = all. */
export interface DeliveryFilter {
  state?: string;
  eventType?: string;
  /** Bare id. */
  organizationId?: string;
  /** Bare id. */
  eventId?: string;
  /** Bare id. */
  replayId?: string;
}

/** The deliveries of an endpoint with their attempts, newest first. Throws AppError `webhook_endpoint_not_found`. */
export async function listDeliveries(
  dataSource: DataSource,
  scope: EndpointScope,
  { state, eventType, organizationId, eventId, replayId }: DeliveryFilter,
  page: PageRequest,
): Promise<Page<DeliveryView> & { total: number }> {
  const { environmentId, endpointId } = scope;
  return tenantTransaction(dataSource, { environmentId, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireEndpoint(manager, scope);
    const list = {
      columns: DELIVERY_COLUMNS,
      from: 'deliveries d',
      where: `d.environment_id = $1 AND d.endpoint_id = $2
        AND ($3::text IS NULL OR d.state = $3) AND ($4::text IS NULL OR d.event_id = $4)
        AND ($5::text IS NULL OR d.replay_id = $5) AND ($6::text IS NULL OR d.event_type = $6)
        AND ($7::text IS NULL OR d.directory_id IN (
          SELECT o.id FROM directories o WHERE o.environment_id = $1 AND o.organization_id = $7))`,
      params: [environmentId, endpointId, ...[state, eventId, replayId, eventType, organizationId].map(orNull)],
      keys: [{ sql: 'd.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<DeliveryRow>(manager, list, page);
    return {
      rows: await addAttempts(manager, environmentId, rows),
      next,
      prev,
      total: await countRows(manager, list),
    };
  });
}

function orNull(value: string | undefined): string | null {
  return value ?? null;
}
