import { normalizeChanges } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import type { Logger, Turns } from '@rollcall/platform';
import { matchesEndpoint } from '@rollcall/webhooks';
import { drainBatch } from '@rollcall/pipeline-store';
import type { BatchTenant, DrainResult, DrainWork, EndpointKey, NewDelivery } from '@rollcall/pipeline-store';
import { isLockTimeout } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';

export interface DrainDependencies {
  dataSource: DataSource;
  logger: Logger;
  /** Gives each batch its turn. */
  turns: Pick<Turns, 'run'>;
  /** Called after a batch committed, once for each endpoint that has something new. */
  deliverEndpoint: (endpoint: EndpointKey) => void;
}

/**
 * Turns pending changes of a directory into events and deliveries, batch by batch, until a read under the drain's lock finds
 * nothing. Each batch is a turn of the environment, so that others come between two of them. `signal` ends it between two batches,
 * and so does another worker that has the directory.
 */
export async function drainDirectory(
  dependencies: DrainDependencies,
  tenant: BatchTenant,
  signal?: AbortSignal,
): Promise<void> {
  const takeTurn = async () => !signal?.aborted && (await drainOnce(dependencies, tenant));
  while (await dependencies.turns.run(tenant.environmentId, takeTurn));
}

/** One batch. Answers whether there may be more to do. */
async function drainOnce({ dataSource, logger, deliverEndpoint }: DrainDependencies, tenant: BatchTenant) {
  const { environmentId, directoryId } = tenant;
  const started = performance.now();
  const result = await drainBatch(dataSource, tenant, normalizeBatch).catch((error: unknown) => {
    if (!isLockTimeout(error)) throw error;
    // Whoever has it gets on with it, or loses it to PostgreSQL's limits; the sweep comes back to the directory.
    logger.warn({ directory_id: directoryId }, 'drain.elsewhere');
    return null;
  });
  if (!result) return false;
  const endpointIds = [...result.deliveries.map((delivery) => delivery.endpointId), ...result.notifiedEndpointIds];
  for (const endpointId of new Set(endpointIds)) deliverEndpoint({ environmentId, endpointId });
  logBatch(logger, directoryId, result, performance.now() - started);
  const { consumedChangeIds, setAside, moreToDo } = result.batch;
  return consumedChangeIds.length + setAside.length > 0 || moreToDo;
}

/** The pure part: changes to events, and events to the endpoints that want them. */
export function normalizeBatch(work: DrainWork): DrainResult {
  const batch = normalizeChanges(work.changes, work.published, {
    ...work.tenant,
    lastSequence: work.lastSequence,
    newEventId: () => newId(),
    roles: work.rules,
  });
  const deliveries: NewDelivery[] = batch.events.flatMap((event) =>
    work.endpoints
      .filter((endpoint) => matchesEndpoint(endpoint, { type: event.type, organizationId: work.tenant.organizationId }))
      .map((endpoint) => ({ id: newId(), endpointId: endpoint.id, event })),
  );
  return { batch, deliveries };
}

function logBatch(logger: Logger, directoryId: string, { batch, deliveries }: DrainResult, ms: number): void {
  logger.info(
    {
      directory_id: directoryId,
      changes: batch.consumedChangeIds.length,
      events: batch.events.length,
      deliveries: deliveries.length,
      last_sequence: batch.lastSequence,
      ms: Math.round(ms),
    },
    'directory.drained',
  );
  if (batch.deprovisioning?.started) {
    const { held } = batch.deprovisioning.counts;
    logger.warn({ directory_id: directoryId, held_users: held }, 'directory.deprovisioning_held');
  }
  for (const { changeId, error } of batch.setAside) {
    logger.error({ directory_id: directoryId, change_id: changeId, error }, 'change.set_aside');
  }
}
