import type { DataSource } from '@rollcall/database';
import { normalizeChanges } from '@rollcall/events';
import { drainBatch } from '@rollcall/pipeline-store';
import type { BatchTenant, DrainResult, DrainWork } from '@rollcall/pipeline-store';
import { newId } from '@rollcall/platform';

/** Normalizes a batch as a worker does, for an environment without endpoints. */
export function normalizeForNobody(work: DrainWork): DrainResult {
  const batch = normalizeChanges(work.changes, work.published, {
    ...work.tenant,
    lastSequence: work.lastSequence,
    epoch: work.epoch,
    newEventId: () => newId(),
    roles: work.rules,
    externalIds: work.externalIds,
  });
  return { batch, deliveries: [] };
}

/** Turns a directory's pending changes into events, as the worker does, without deliveries. */
export async function drainForNobody(dataSource: DataSource, tenant: BatchTenant): Promise<void> {
  while (await drainBatch(dataSource, tenant, normalizeForNobody));
}
