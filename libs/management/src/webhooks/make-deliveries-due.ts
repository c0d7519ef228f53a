import type { DataSource } from 'typeorm';
import { tenantTransaction, runStatement } from '@rollcall/database';
import type { EndpointScope } from './find-webhook-endpoint';

/** Rows of one transaction. */
const SLICE = 1_000;
/** What one call does at most, so that it answers in time; what is left keeps its place in the retry schedule. */
const CALL_MAX = 100_000;

/** Makes what waits for an endpoint due now: its owner has enabled it again, and a retry hours away is of the time before. */
export async function makeDeliveriesDue(
  dataSource: DataSource,
  { environmentId, endpointId }: EndpointScope,
): Promise<void> {
  for (let done = 0; done < CALL_MAX; done += SLICE) {
    const affected = await tenantTransaction(dataSource, { environmentId }, async (manager) => {
      const slice = await runStatement(
        manager,
        `WITH later AS (
           SELECT d.directory_id, d.id FROM deliveries d
           WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt_time > now()
           ORDER BY d.next_attempt_time LIMIT ${SLICE} FOR UPDATE
         )
         UPDATE deliveries d SET next_attempt_time = now() FROM later l
         WHERE d.environment_id = $1 AND d.directory_id = l.directory_id AND d.id = l.id`,
        [environmentId, endpointId],
      );
      return slice.affected;
    });
    if (affected < SLICE) return;
  }
}
