import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { watchPlans } from '../../database/src/testing/watch-plans';
import type { PlanWatch } from '../../database/src/testing/watch-plans';
import { listEventDeliveries } from './feed/find-event';
import { listLatestEvents } from './feed/list-latest-events';
import { readOverview } from './overview/read-overview';

const EVENTS = 60_000;
const RETENTION_SECONDS = 30 * 86_400;

let database: TestDatabase;
let directory: BuiltDirectory;
let plans: PlanWatch;
let eventId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  directory = await buildDirectory(database.ownerUrl);
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  const { endpointId } = await buildEndpoint(admin, directory);
  const { environmentId, organizationId, directoryId } = directory;
  const prefix = newId().slice(0, 10);
  const tenant = [directoryId, prefix, environmentId];
  await admin.query(
    `INSERT INTO events (directory_id, id, sequence, environment_id, organization_id, type, resource_id, occurred_at, body)
     SELECT $1, $2 || lpad(n::text, 16, '0'), n, $3, $4, 'organization.directory.user_updated', 'u', now(), '{"data":{"name":"A"}}'
     FROM generate_series(1, ${EVENTS}) n`,
    [...tenant, organizationId],
  );
  await admin.query(
    `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, sequence, resource_id, state,
       next_attempt_time)
     SELECT $1, $2 || lpad((n + ${EVENTS})::text, 16, '0'), $3, $4, $2 || lpad(n::text, 16, '0'),
       'organization.directory.user_updated', n, 'u', 'succeeded', now() FROM generate_series(1, ${EVENTS}) n`,
    [...tenant, endpointId],
  );
  await admin.query(
    `INSERT INTO traffic (environment_id, resolution, start_time, changes, latencies)
     SELECT $1, r, t, 1, array_fill(1::bigint, ARRAY[23])
     FROM generate_series(now() - interval '30 days', now(), '1 minute') t, unnest(ARRAY['minute', 'hour']) r`,
    [environmentId],
  );
  await admin.query('VACUUM ANALYZE');
  await admin.destroy();
  eventId = `${prefix}${'30000'.padStart(16, '0')}`;
  plans = await watchPlans(database, 'force_custom_plan');
});

afterAll(async () => {
  await plans?.end();
  await database?.drop();
});

/** Asserts that no growing table is read whole, and no more rows are than are told. */
async function expectRows(most: number, read: () => Promise<unknown>): Promise<void> {
  // The first run of a session reads the catalogue; what counts is what every later one does.
  await read();
  const work = await plans.watch(read);
  expect(work.scanned).toEqual([]);
  expect(work.rows).toBeLessThan(most);
}

it.each([
  ['hour', 200],
  ['day', 2_000],
  ['week', 11_000],
] as const)('reads what was counted of a %s, and no events or deliveries', async (period, most) => {
  await expectRows(most, () => readOverview(plans.app, directory.environmentId, period));
});

it('shows the newest events along an index, also of one directory', async () => {
  const page = { size: 50 };
  for (const filter of [{}, { directoryId: directory.directoryId }]) {
    await expectRows(1_000, () =>
      listLatestEvents(plans.app, directory.environmentId, filter, page, RETENTION_SECONDS),
    );
  }
});

it('looks at a bounded number of events when a filter lets none through', async () => {
  const filter = { types: ['organization.directory.user_created'] };
  await expectRows(45_000, () =>
    listLatestEvents(plans.app, directory.environmentId, filter, { size: 50 }, RETENTION_SECONDS),
  );
});

it('finds the deliveries of one event among those of all', async () => {
  const scope = { environmentId: directory.environmentId, eventId, retentionSeconds: RETENTION_SECONDS };
  const { rows } = await listEventDeliveries(plans.app, scope, { size: 20 });
  expect(rows).toHaveLength(1);
  await expectRows(200, () => listEventDeliveries(plans.app, scope, { size: 20 }));
});
