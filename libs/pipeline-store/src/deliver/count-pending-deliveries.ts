import { PENDING_COUNT_MAX } from '@rollcall/contract';
import type { EntityManager } from 'typeorm';
import type { EndpointKey } from './endpoint-key';

/** How many deliveries wait for an endpoint; `PENDING_COUNT_MAX` stands for that many or more. */
export async function countPendingDeliveries(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
): Promise<number> {
  const [row] = await manager.query<{ pending: number }[]>(
    `SELECT count(*)::int AS pending FROM (
       SELECT 1 FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending'
       LIMIT ${PENDING_COUNT_MAX}) AS counted`,
    [environmentId, endpointId],
  );
  return row?.pending ?? 0;
}
