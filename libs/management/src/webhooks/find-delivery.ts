import type { DataSource } from 'typeorm';
import { addAttempts, DELIVERY_COLUMNS } from '@rollcall/pipeline-store';
import type { DeliveryRow, DeliveryView } from '@rollcall/pipeline-store';
import { renderMessages } from '@rollcall/webhooks';
import { notFound, runStatement, tenantTransaction } from '@rollcall/database';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';

/** A delivery with what is sent. */
export interface DeliveryWithBody {
  delivery: DeliveryView;
  /**
   * The bytes of every attempt, as text, in the form that the endpoint gets by now: of several messages one on each line, empty when
   * its dialect has none; null when the event is not kept any more.
   */
  requestBody: string | null;
}

/** Throws AppError `webhook_endpoint_not_found`, `delivery_not_found`. */
export async function findDelivery(
  dataSource: DataSource,
  scope: EndpointScope,
  deliveryId: string,
): Promise<DeliveryWithBody> {
  const { environmentId, endpointId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { dialect, deactivation } = await requireEndpoint(manager, scope);
    const { rows } = await runStatement<DeliveryRow & { request_body: string | null }>(
      manager,
      `SELECT ${DELIVERY_COLUMNS}, coalesce(d.body, e.body) AS request_body FROM deliveries d
       LEFT JOIN events e ON e.environment_id = d.environment_id AND e.directory_id = d.directory_id AND e.id = d.event_id
       WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.id = $3`,
      [environmentId, endpointId, deliveryId],
    );
    const [row] = rows;
    const [delivery] = await addAttempts(manager, environmentId, rows);
    if (!row || !delivery) throw notFound('delivery');
    const stored = row.request_body;
    if (dialect === null || stored === null) return { delivery, requestBody: stored };
    const messages = renderMessages({ name: dialect, deactivation }, stored);
    return { delivery, requestBody: messages.map(({ body }) => body).join('\n') };
  });
}
