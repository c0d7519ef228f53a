import type { DataSource } from 'typeorm';
import { runStatement, tenantTransaction } from '@rollcall/database';
import type { ClaimedDelivery } from './claim-deliveries';

/** The requests that made the events of deliveries, as they are stored (`tracedId`); events that no request made are not there. */
export async function findEventRequests(
  dataSource: DataSource,
  environmentId: string,
  deliveries: readonly Pick<ClaimedDelivery, 'directoryId' | 'eventId'>[],
): Promise<{ eventId: string; requestId: string }[]> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = await runStatement<{ eventId: string; requestId: string }>(
      manager,
      `SELECT e.id AS "eventId", e.request_id AS "requestId"
       FROM unnest($1::text[], $2::text[]) AS d (directory_id, event_id)
       CROSS JOIN LATERAL (SELECT x.id, x.request_id FROM events x
         WHERE x.directory_id = d.directory_id AND x.id = d.event_id AND x.request_id IS NOT NULL) e`,
      [deliveries.map(({ directoryId }) => directoryId), deliveries.map(({ eventId }) => eventId)],
    );
    return rows;
  });
}
