import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { EndpointScope } from './find-webhook-endpoint';

/** Waits for the worker's exchange with the endpoint, which holds this row while it leases deliveries or disables the endpoint. */
export async function lockEndpointHealth(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointScope,
): Promise<void> {
  await runStatement(
    manager,
    'SELECT 1 FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2 FOR UPDATE',
    [environmentId, endpointId],
  );
}
