import type { DataSource } from 'typeorm';
import type { EndpointKey } from './endpoint-key';

/**
 * Up to `limit` endpoints after `after` (null = from the start) that have a delivery due now and are neither switched off nor
 * cooling.
 */
export async function findEndpointsWithDueDeliveries(
  dataSource: DataSource,
  after: EndpointKey | null,
  limit: number,
): Promise<EndpointKey[]> {
  const rows = await dataSource.query<{ environment_id: string; endpoint_id: string }[]>(
    'SELECT environment_id, endpoint_id FROM find_endpoints_with_due_deliveries($1, $2, $3)',
    [after?.environmentId ?? '', after?.endpointId ?? '', limit],
  );
  return rows.map((row) => ({ environmentId: row.environment_id, endpointId: row.endpoint_id }));
}
