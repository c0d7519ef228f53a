import { normalizeChanges } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import type { Logger } from '@rollcall/platform';
import { matchesEndpoint } from '@rollcall/webhooks';
import { drainBatch } from '@rollcall/pipeline-store';
import type { DrainResult, DrainWork, EndpointKey, NewDelivery } from '@rollcall/pipeline-store';
import type { DataSource } from '@rollcall/database';

export interface DrainDependencies {
  dataSource: DataSource;
  logger: Logger;
  /** Called after a batch committed, once for each endpoint that has something new. */
  deliverEndpoint: (endpoint: EndpointKey) => void;
}

/** How long one directory drains before others get their turn. */
const TURN_MS = 1_000;

/**
 * Turns pending changes of a directory into events and deliveries, batch by batch, until a read under the drain's lock finds
 * nothing or its turn is over. Answers whether there may be more to do. `signal` ends it between two batches.
 */
export async function drainDirectory(
  { dataSource, logger, deliverEndpoint }: DrainDependencies,
  directoryId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const turnEnds = performance.now() + TURN_MS;
  while (!signal?.aborted && performance.now() < turnEnds) {
    const started = performance.now();
    let environmentId = '';
    const result = await drainBatch(dataSource, directoryId, (work) => {
      environmentId = work.tenant.environmentId;
      return normalizeBatch(work);
    });
    if (!result) return false;
    const endpointIds = [...result.deliveries.map((delivery) => delivery.endpointId), ...result.notifiedEndpointIds];
    for (const endpointId of new Set(endpointIds)) {
      deliverEndpoint({ environmentId, endpointId });
    }
    logBatch(logger, directoryId, result, performance.now() - started);
    const { consumedChangeIds, setAside, moreToDo } = result.batch;
    if (consumedChangeIds.length + setAside.length === 0 && !moreToDo) return false;
  }
  return !signal?.aborted;
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
