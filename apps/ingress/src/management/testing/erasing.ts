import { createDataSource } from '@rollcall/database';
import type { DataSource, Erasure } from '@rollcall/database';
import { newId, parseId } from '@rollcall/platform';
import { findErasures, purgeDirectory, runErasure } from '@rollcall/pipeline-store';
import type { DirectoryItem } from '../directories/directory.dto';

/** An event as it is stored; ids are bare. */
export interface StoredEvent {
  id: string;
  sequence: string;
  resource_id: string;
  body: string;
}

type Named = Pick<DirectoryItem, 'id'>;

/** What the worker does of itself, step by step, and what is stored. For suites named `*.int.test.ts`. */
export async function startErasing({ appUrl, adminUrl }: { appUrl: string; adminUrl: string }) {
  const app = await createDataSource({ url: appUrl, poolSize: 2 }).initialize();
  const admin = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  /** Rows of any tenant; `$1` is the directory. */
  const query = <Row>(directory: Named, sql: string): Promise<Row[]> => admin.query<Row[]>(sql, [bareId(directory)]);
  return {
    query,
    run: (signal?: AbortSignal) => runErasures(app, signal),
    purge: async (directory: Named) => {
      const [row] = await query<{ environment_id: string }>(
        directory,
        'SELECT environment_id FROM directories WHERE id = $1',
      );
      const tenant = { directoryId: bareId(directory), environmentId: row?.environment_id ?? '' };
      while (await purgeDirectory(app, tenant));
    },
    eventsOf: (directory: Named) =>
      query<StoredEvent>(
        directory,
        'SELECT id, sequence, resource_id, body FROM events WHERE directory_id = $1 ORDER BY sequence',
      ),
    deliverAll: async (directory: Named) => {
      for (const { id } of await query<{ id: string }>(directory, 'SELECT id FROM events WHERE directory_id = $1')) {
        await deliver(admin, bareId(directory), id);
      }
    },
    stop: () => Promise.all([app.destroy(), admin.destroy()]),
  };
}

function bareId({ id }: Named): string {
  return parseId('dir', id) ?? '';
}

/** Takes every erasure as far as it goes. */
async function runErasures(app: DataSource, signal?: AbortSignal): Promise<(Erasure | null)[]> {
  const erasures: (Erasure | null)[] = [];
  for (const key of await findErasures(app, '', 100)) erasures.push(await runErasure(app, key, signal));
  return erasures;
}

/** A delivery of an event to a receiver that repeats what it was sent. */
async function deliver(admin: DataSource, directoryId: string, eventId: string): Promise<void> {
  const deliveryId = newId();
  await admin.query(
    `INSERT INTO deliveries (directory_id, environment_id, endpoint_id, event_id, event_type, sequence, resource_id, id, state,
       next_attempt_time)
     SELECT e.directory_id, e.environment_id, 'e', e.id, e.type, e.sequence, e.resource_id, $2, 'succeeded', now()
     FROM events e WHERE e.directory_id = $1 AND e.id = $3`,
    [directoryId, deliveryId, eventId],
  );
  await admin.query(
    `INSERT INTO delivery_attempts (directory_id, environment_id, endpoint_id, delivery_id, attempt, start_time, status,
       response_headers, response_body)
     SELECT e.directory_id, e.environment_id, 'e', $2, 1, now(), 200, jsonb_build_object('echo', left(e.body, 4000)), e.body
     FROM events e WHERE e.directory_id = $1 AND e.id = $3`,
    [directoryId, deliveryId, eventId],
  );
}
