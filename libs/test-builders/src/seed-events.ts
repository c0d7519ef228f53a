import { tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { newId } from '@rollcall/platform';
import type { BuiltDirectory } from './build-directory';

export interface SeededEvent {
  id: string;
  sequence: number;
  type: string;
  body: string;
}

/** Writes events to a directory's log as one drain would, `from` up to `to`, a user's each, a second apart; every fourth is an update. */
export async function seedEvents(
  app: DataSource,
  directory: BuiltDirectory,
  { from, to, startTime = new Date('2026-11-20T10:00:00Z') }: { from: number; to: number; startTime?: Date },
): Promise<SeededEvent[]> {
  const events = Array.from({ length: to - from + 1 }, (_, index) => {
    const sequence = from + index;
    const type = `organization.directory.user_${sequence % 4 === 0 ? 'updated' : 'created'}`;
    return { id: newId(), sequence, type, body: `{"n":${sequence}}` };
  });
  await tenantTransaction(app, directory, async (manager) => {
    await manager.query(
      `INSERT INTO events (directory_id, environment_id, organization_id, resource_id, id, sequence, type, body, occurred_at)
       SELECT $1, $2, $3, 'u' || (e.sequence % 50), e.*, $8::timestamptz + e.sequence * interval '1 second'
       FROM unnest($4::text[], $5::bigint[], $6::text[], $7::text[]) AS e (id, sequence, type, body)`,
      [
        directory.directoryId,
        directory.environmentId,
        directory.organizationId,
        events.map(({ id }) => id),
        events.map(({ sequence }) => sequence),
        events.map(({ type }) => type),
        events.map(({ body }) => body),
        startTime,
      ],
    );
    await manager.query('UPDATE directory_counters SET last_sequence = $2 WHERE directory_id = $1', [
      directory.directoryId,
      to,
    ]);
  });
  return events;
}

/** Makes pending deliveries of events to an endpoint, as the drain does. */
export async function seedDeliveries(
  app: DataSource,
  directory: BuiltDirectory,
  { endpointId }: EndpointKey,
  events: readonly SeededEvent[],
): Promise<void> {
  await tenantTransaction(app, directory, (manager) =>
    manager.query(
      `INSERT INTO deliveries (directory_id, environment_id, endpoint_id, state, next_attempt_time, id, event_id, event_type,
         sequence, resource_id)
       SELECT $1, $2, $3, 'pending', now(), d.*, 'u' || (d.sequence % 50)
       FROM unnest($4::text[], $5::text[], $6::text[], $7::bigint[]) AS d (id, event_id, event_type, sequence)`,
      [
        directory.directoryId,
        directory.environmentId,
        endpointId,
        events.map(() => newId()),
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ sequence }) => sequence),
      ],
    ),
  );
}
