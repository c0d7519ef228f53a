import { createMetrics } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EndpointKey } from './endpoint-key';
import { watchBacklog } from './watch-backlog';

let database: TestDatabase;
let app: DataSource;
let owner: DataSource;
let directory: BuiltDirectory;
let healthy: EndpointKey;
let failing: EndpointKey;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  owner = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
  healthy = await buildEndpoint(app, directory);
  failing = await buildEndpoint(app, directory);
});

afterAll(async () => {
  await Promise.all([app?.destroy(), owner?.destroy()]);
  await database?.drop();
});

/** What the metrics say, read afresh. */
async function look(): Promise<Record<string, number>> {
  const metrics = createMetrics('test');
  watchBacklog(app, metrics);
  const series = (await metrics.series()).filter(({ name }) => /^rollcall_(deliver|endpoint|director)/.test(name));
  return Object.fromEntries(series.flatMap(({ name, values }) => values.map(({ value }) => [name, value])));
}

/** Adds deliveries that were due so many seconds ago; `leasedFor`: a worker has them for so many seconds more. */
async function addDue(
  key: EndpointKey,
  count: number,
  secondsAgo: number,
  leasedFor: number | null = null,
): Promise<void> {
  await owner.query(
    `INSERT INTO deliveries (directory_id, id, environment_id, endpoint_id, event_id, event_type, sequence, resource_id, state,
       next_attempt_time, claimed_until)
     SELECT $1, ulid_floor(now()) || lpad(($6 + n)::text, 16, '0'), $2, $3, 'e', 't', $6 + n, 'r' || n, 'pending',
       now() - $5 * interval '1 second', now() + $7 * interval '1 second'
     FROM generate_series(1, $4) n`,
    [directory.directoryId, key.environmentId, key.endpointId, count, secondsAgo, (sequence += 100), leasedFor],
  );
}
let sequence = 0;

it('is nothing where nothing waits', async () => {
  expect(await look()).toEqual({
    rollcall_deliveries_due: 0,
    rollcall_deliveries_oldest_due_seconds: 0,
    rollcall_deliveries_lease_expired: 0,
    rollcall_endpoint_circuits_open: 0,
    rollcall_directories_held: 0,
  });
});

it('is what is due and for how long, without what is on the way, later, or waits for an open circuit', async () => {
  await addDue(healthy, 3, 90);
  await addDue(healthy, 2, -60);
  await addDue(healthy, 4, 500, 20);
  await addDue(failing, 5, 900);
  await owner.query(
    `UPDATE webhook_endpoint_health SET cooling_until = now() + interval '1 minute' WHERE endpoint_id = $1`,
    [failing.endpointId],
  );
  const backlog = await look();
  expect(backlog).toMatchObject({
    rollcall_deliveries_due: 3,
    rollcall_deliveries_lease_expired: 0,
    rollcall_endpoint_circuits_open: 1,
  });
  expect(backlog['rollcall_deliveries_oldest_due_seconds']).toBeGreaterThanOrEqual(90);
  expect(backlog['rollcall_deliveries_oldest_due_seconds']).toBeLessThan(500);
});

it('tells of leases that have ended without a result', async () => {
  await addDue(healthy, 2, 10, -5);
  expect(await look()).toMatchObject({ rollcall_deliveries_due: 5, rollcall_deliveries_lease_expired: 2 });
});

it('counts no endpoint that is switched off', async () => {
  await owner.query('UPDATE webhook_endpoints SET enabled = false WHERE id = $1', [healthy.endpointId]);
  expect(await look()).toMatchObject({ rollcall_deliveries_due: 0, rollcall_deliveries_oldest_due_seconds: 0 });
});

it('counts directories that hold users back, and none where that is over', async () => {
  const other = await buildDirectory(database.ownerUrl);
  for (const { directoryId } of [directory, other]) {
    await owner.query(
      `INSERT INTO held_users (directory_id, user_id, hold_id, held_time)
       SELECT $1, 'u' || n, CASE WHEN n < 3 THEN 7 END, now() FROM generate_series(1, 3) n`,
      [directoryId],
    );
  }
  const setHold = (directoryId: string, hold: object | null) =>
    owner.query('UPDATE directory_counters SET deprovisioning = $2 WHERE directory_id = $1', [
      directoryId,
      { windowId: '0', hold, counts: { held: 2, deciding: 0, discarded: 1 } },
    ]);
  await setHold(directory.directoryId, { id: '7', since: '2026-11-30T00:00:00Z' });
  await setHold(other.directoryId, null);
  expect(await look()).toMatchObject({ rollcall_directories_held: 1 });
  await owner.query('DELETE FROM held_users');
  expect(await look()).toMatchObject({ rollcall_directories_held: 0 });
});

it('is asked for seldom, and has no value while the database does not answer', async () => {
  const metrics = createMetrics('test');
  watchBacklog(app, metrics);
  const due = async () =>
    (await metrics.series()).find(({ name }) => name === 'rollcall_deliveries_due')?.values[0]?.value;
  await owner.query('UPDATE webhook_endpoints SET enabled = true WHERE id = $1', [healthy.endpointId]);
  expect(await due()).toBe(5);
  await owner.query('UPDATE webhook_endpoints SET enabled = false WHERE id = $1', [healthy.endpointId]);
  expect(await due()).toBe(5);
  const unreached = createMetrics('test');
  watchBacklog(createDataSource({ url: database.appUrl, poolSize: 1 }), unreached);
  const series = (await unreached.series()).filter(({ name }) => name.startsWith('rollcall_deliver'));
  expect(series.flatMap(({ values }) => values)).toEqual([]);
});
