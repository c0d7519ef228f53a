import type { DataSource } from 'typeorm';
import type { EventType, OperationalEventType } from '@rollcall/contract';
import { sampleEvent } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import { DELIVERY_COLUMNS } from '@rollcall/pipeline-store';
import type { DeliveryRow, DeliveryView } from '@rollcall/pipeline-store';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';
import type { Waking } from '../wake/to-wake';
import { endpointDisabled } from './retry-delivery';

/**
 * Makes an example event of a type due to one endpoint, whatever its filters. It is in no log and in no line. Throws AppError
 * `webhook_endpoint_not_found`, `webhook_endpoint_disabled`.
 */
export async function createTestDelivery(
  dataSource: DataSource,
  scope: EndpointScope,
  type: EventType | OperationalEventType,
): Promise<Waking<DeliveryView>> {
  const { environmentId, endpointId } = scope;
  const eventId = newId();
  const body = sampleEvent(type, { id: eventId, environmentId, occurredAt: new Date() });
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const endpoint = await requireEndpoint(manager, scope);
    if (!endpoint.enabled) throw endpointDisabled();
    const { rows } = await runStatement<DeliveryRow>(
      manager,
      `INSERT INTO deliveries AS d (environment_id, endpoint_id, directory_id, id, event_id, event_type, resource_id, body, test, state,
         next_attempt_time)
       VALUES ($1, $2, '', $3, $4, $5, '', $6, true, 'pending', now()) RETURNING ${DELIVERY_COLUMNS}`,
      [environmentId, endpointId, newId(), eventId, type, body],
    );
    const [delivery] = rows;
    if (!delivery) throw notFound('delivery');
    return { result: { ...delivery, attempts: [] }, wake: { endpoints: [scope] } };
  });
}
