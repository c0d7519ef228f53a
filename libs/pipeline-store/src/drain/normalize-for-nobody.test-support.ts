import { normalizeChanges } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import type { DrainResult, DrainWork } from './drain-batch';

/** Normalizes a batch as a worker does, for an environment without endpoints. */
export function normalizeForNobody(work: DrainWork): DrainResult {
  const batch = normalizeChanges(work.changes, work.published, {
    ...work.tenant,
    lastSequence: work.lastSequence,
    epoch: work.epoch,
    newEventId: () => newId(),
    roles: work.rules,
  });
  return { batch, deliveries: [] };
}
