import type { EntityManager } from 'typeorm';
import type { EventDataByType, OperationalEventType } from '@rollcall/contract';
import { renderEvent } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import { matchesEndpoint } from '@rollcall/webhooks';

/** An event about the service itself; ids are bare. */
export interface OperationalEvent<Type extends OperationalEventType = OperationalEventType> {
  environmentId: string;
  /** Null when the event concerns no organization; endpoints that are limited to organizations do not get it then. */
  organizationId: string | null;
  /** Null when the event concerns no directory. */
  directoryId: string | null;
  type: Type;
  /** The endpoint, delivery, secret, replay or directory that `data` describes. */
  subjectId: string;
  occurredAt: Date;
  data: EventDataByType[Type];
}

/**
 * Makes a delivery of an operational event for each webhook endpoint that names its type, in the caller's transaction, which
 * has the tenant's environment set: the event goes out if and only if what it says is stored. An endpoint is never notified about
 * itself. Returns the ids of the endpoints that have something to deliver, to be hinted after the commit.
 */
export async function writeOperationalEvent<Type extends OperationalEventType>(
  manager: EntityManager,
  event: OperationalEvent<Type>,
): Promise<string[]> {
  const endpoints = await manager.query<{ id: string; event_types: string[]; organization_ids: string[] }[]>(
    'SELECT id, event_types, organization_ids FROM webhook_endpoints WHERE environment_id = $1 AND id <> $2 ORDER BY id',
    [event.environmentId, event.subjectId],
  );
  const endpointIds = endpoints
    .filter(({ event_types, organization_ids }) =>
      matchesEndpoint({ eventTypes: event_types, organizationIds: organization_ids }, event),
    )
    .map(({ id }) => id);
  if (endpointIds.length > 0) await insertDeliveries(manager, event, endpointIds);
  return endpointIds;
}

async function insertDeliveries(
  manager: EntityManager,
  event: OperationalEvent,
  endpointIds: readonly string[],
): Promise<void> {
  const eventId = newId();
  const body = renderEvent({ ...event, id: eventId, sequence: null });
  await manager.query(
    `INSERT INTO deliveries (environment_id, directory_id, event_id, event_type, resource_id, body, state, next_attempt_time, id, endpoint_id)
     SELECT $1, $2, $3, $4, $5, $6, 'pending', now(), d.* FROM unnest($7::text[], $8::text[]) AS d`,
    [
      event.environmentId,
      event.directoryId ?? '',
      eventId,
      event.type,
      event.subjectId,
      body,
      endpointIds.map(() => newId()),
      endpointIds,
    ],
  );
}
