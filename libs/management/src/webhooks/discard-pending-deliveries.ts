import { newId } from '@rollcall/platform';
import { runStatement } from '@rollcall/database';
import { endpointTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';
import { lockEndpointHealth } from './lock-endpoint-health';

/** Rows of one transaction: the endpoint's lock is held for milliseconds. */
const SLICE = 1_000;
/** What one call does at most, so that it answers in time. */
const CALL_MAX = 100_000;

/** What a call did; `hasMore`: there is more to discard, call again. */
export interface DiscardedDeliveries {
  canceled: number;
  hasMore: boolean;
}

/**
 * Cancels the deliveries that waited for an endpoint when this was called, slice by slice. One that is on the way at that moment
 * may still arrive. Throws AppError `webhook_endpoint_not_found`.
 */
export async function discardPendingDeliveries(writer: Writer, scope: EndpointScope): Promise<DiscardedDeliveries> {
  const latestId = newId();
  let canceled = 0;
  for (;;) {
    const slice = await cancelSlice(writer, scope, latestId);
    canceled += slice;
    if (slice < SLICE) return { canceled, hasMore: false };
    if (canceled >= CALL_MAX) return { canceled, hasMore: true };
  }
}

async function cancelSlice(writer: Writer, scope: EndpointScope, latestId: string): Promise<number> {
  const { environmentId, endpointId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    await lockEndpointHealth(manager, scope);
    const endpoint = await requireEndpoint(manager, scope);
    const { affected } = await runStatement(
      manager,
      `WITH waiting AS (
         SELECT d.directory_id, d.id FROM deliveries d
         WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.id <= $3 LIMIT ${SLICE}
       )
       UPDATE deliveries d SET state = 'canceled', finish_time = now(), claimed_until = NULL FROM waiting w
       WHERE d.environment_id = $1 AND d.directory_id = w.directory_id AND d.id = w.id`,
      [environmentId, endpointId, latestId],
    );
    const changes = { canceled: { from: null, to: affected } };
    const target = endpointTarget(endpoint);
    return {
      answer: affected,
      entries:
        affected === 0
          ? []
          : [{ action: 'webhook_endpoint.deliveries_discarded', target, organizationId: null, changes }],
    };
  });
}
