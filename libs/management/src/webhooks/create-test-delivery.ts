import type { EventType, OperationalEventType } from '@rollcall/contract';
import { sampleEvent } from '@rollcall/events';
import { newId, publicId } from '@rollcall/platform';
import { DELIVERY_COLUMNS } from '@rollcall/pipeline-store';
import type { DeliveryRow, DeliveryView } from '@rollcall/pipeline-store';
import { notFound, runStatement } from '@rollcall/database';
import { endpointTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';
import type { Waking } from '../wake/to-wake';
import { endpointDisabled } from './retry-delivery';

/**
 * Makes an example event of a type due to one endpoint, whatever its filters. It is in no log and in no line. Throws AppError
 * `webhook_endpoint_not_found`, `webhook_endpoint_disabled`.
 */
export async function createTestDelivery(
  writer: Writer,
  scope: EndpointScope,
  type: EventType | OperationalEventType,
): Promise<Waking<DeliveryView>> {
  const { environmentId, endpointId } = scope;
  const eventId = newId();
  const body = sampleEvent(type, { id: eventId, environmentId, occurredAt: new Date() });
  return recordChange(writer, { environmentId }, async (manager) => {
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
    const changes = findChanges({}, { type, delivery_id: publicId('dlv', delivery.id) });
    return {
      answer: { result: { ...delivery, attempts: [] }, wake: { endpoints: [scope] } },
      entries: [{ action: 'webhook_endpoint.tested', target: endpointTarget(endpoint), organizationId: null, changes }],
    };
  });
}
