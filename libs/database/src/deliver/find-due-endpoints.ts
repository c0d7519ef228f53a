import type { DataSource } from 'typeorm';
import type { EndpointKey } from './endpoint-key';

/** Endpoints that have a delivery due now and are neither switched off nor cooling. */
export async function findEndpointsWithDueDeliveries(dataSource: DataSource, limit: number): Promise<EndpointKey[]> {
  const rows = await dataSource.query<{ environment_id: string; endpoint_id: string }[]>(
    'SELECT environment_id, endpoint_id FROM find_endpoints_with_due_deliveries($1)',
    [limit],
  );
  return rows.map((row) => ({ environmentId: row.environment_id, endpointId: row.endpoint_id }));
}
