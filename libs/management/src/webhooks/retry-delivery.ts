import { AppError, publicId } from '@rollcall/platform';
import { addAttempts, DELIVERY_COLUMNS } from '@rollcall/pipeline-store';
import type { DeliveryRow, DeliveryView } from '@rollcall/pipeline-store';
import { notFound, runStatement } from '@rollcall/database';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { requireEndpoint } from './find-webhook-endpoint';
import type { EndpointScope } from './find-webhook-endpoint';
import type { Waking } from '../wake/to-wake';

/**
 * Makes a delivery due now, whatever its state; it takes the place of the next automatic attempt. One that is being attempted
 * stays as it is. Throws AppError `webhook_endpoint_not_found`, `delivery_not_found`, `webhook_endpoint_disabled`.
 */
export async function retryDelivery(
  writer: Writer,
  scope: EndpointScope,
  deliveryId: string,
): Promise<Waking<DeliveryView>> {
  const { environmentId, endpointId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    const endpoint = await requireEndpoint(manager, scope);
    const params = [environmentId, endpointId, deliveryId];
    const { rows } = await runStatement<DeliveryRow>(
      manager,
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries d
       WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.id = $3 FOR UPDATE`,
      params,
    );
    if (rows.length === 0) throw notFound('delivery');
    if (!endpoint.enabled) throw endpointDisabled();
    const retried = await runStatement<DeliveryRow>(
      manager,
      `UPDATE deliveries d SET state = 'pending', next_attempt_time = now(), finish_time = NULL
       WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.id = $3
         AND NOT (d.state = 'pending' AND d.claimed_until IS NOT NULL AND d.claimed_until > now())
       RETURNING ${DELIVERY_COLUMNS}`,
      params,
    );
    const [delivery] = await addAttempts(manager, environmentId, retried.affected > 0 ? retried.rows : rows);
    if (!delivery) throw notFound('delivery');
    const target = { type: 'delivery' as const, id: publicId('dlv', deliveryId) };
    const changes = { endpoint_id: { from: null, to: publicId('whe', endpointId) } };
    return {
      answer: { result: delivery, wake: { endpoints: [scope] } },
      entries: retried.affected === 0 ? [] : [{ action: 'delivery.retried', target, organizationId: null, changes }],
    };
  });
}

/** 422: nothing is sent to a disabled endpoint, so no retry is accepted. */
export function endpointDisabled(): AppError {
  return new AppError({
    kind: 'refused',
    code: 'webhook_endpoint_disabled',
    message: 'This webhook endpoint is disabled. Enable it first; its waiting deliveries then go out by themselves.',
  });
}
