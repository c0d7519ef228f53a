import type { DataSource } from 'typeorm';
import type { EndpointKey } from '../deliver/endpoint-key';
import { REPLAY_REFILL_BELOW } from './advance-replays';

/** Endpoints to which a replay runs that has something to do, and that are neither switched off nor cooling. */
export async function findEndpointsToReplay(dataSource: DataSource, limit: number): Promise<EndpointKey[]> {
  const rows = await dataSource.query<{ environment_id: string; endpoint_id: string }[]>(
    'SELECT environment_id, endpoint_id FROM find_endpoints_to_replay($1, $2)',
    [REPLAY_REFILL_BELOW, limit],
  );
  return rows.map((row) => ({ environmentId: row.environment_id, endpointId: row.endpoint_id }));
}
