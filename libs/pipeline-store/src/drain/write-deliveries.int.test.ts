import type { Ordering } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint, createUser, normalizeForNobody } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import type { ClaimedDelivery } from '../deliver/claim-deliveries';
import type { EndpointKey } from '../deliver/endpoint-key';
import { exchangeDeliveries } from '../deliver/exchange-deliveries';
import type { FinishedDelivery } from '../deliver/record-attempts';
import { lockEndpoint } from '../deliver/lock-endpoint';
import { drainBatch } from './drain-batch';
import type { DrainWork } from './drain-batch';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

async function buildTarget(ordering: Ordering = 'resource'): Promise<{ directory: BuiltDirectory; key: EndpointKey }> {
  const directory = await buildDirectory(database.ownerUrl);
  return { directory, key: await buildEndpoint(app, directory, { ordering }) };
}

/** Drains what waits, for every endpoint, each of them at once. */
async function drainAtOnce(directory: BuiltDirectory) {
  const drained = await drainBatch(app, directory, (work: DrainWork) => {
    const { batch } = normalizeForNobody(work);
    const deliveries = batch.events.flatMap((event) =>
      work.endpoints.map(({ id: endpointId }) => ({ id: newId(), endpointId, event })),
    );
    return { batch, deliveries, atOnce: work.endpoints.map(({ id }) => id) };
  });
  return drained?.leased ?? [];
}

async function publishOne(directory: BuiltDirectory, name: string) {
  await createUser(app, directory, `${name}@acme.test`);
  return drainAtOnce(directory);
}

const exchange = (
  key: EndpointKey,
  finished: FinishedDelivery[] = [],
  memory?: { health: string; directoryId: string },
) => exchangeDeliveries(app, key, { finished, slots: 10, inFlightMax: 10, ...(memory && { memory }) });

const succeeded = ({ directoryId, id: deliveryId, attempt }: ClaimedDelivery): FinishedDelivery => ({
  directoryId,
  deliveryId,
  attempt,
  startTime: new Date(),
  status: 200,
  error: null,
  phases: {},
  requestHeaders: {},
  responseHeaders: {},
  responseBody: '',
  fate: { state: 'succeeded' },
  endpointGone: false,
  test: false,
});

async function onEndpoint(key: EndpointKey, sql: string): Promise<void> {
  await tenantTransaction(app, { environmentId: key.environmentId }, (manager) =>
    manager.query(sql, [key.environmentId, key.endpointId]),
  );
}

it('leases what a batch makes for an endpoint without anything pending to the drain alone, as an exchange would', async () => {
  const { directory, key } = await buildTarget();
  const [leased] = await publishOne(directory, 'ada');
  expect(leased).toMatchObject({ endpointId: key.endpointId, endpoint: { url: expect.stringContaining('http') } });
  expect((await exchange(key)).claimed).toEqual([]);

  // With a lease that has run out it is anybody's, the same attempt of the same bytes.
  await onEndpoint(
    key,
    `UPDATE deliveries SET claimed_until = now() - interval '1 second' WHERE environment_id = $1 AND endpoint_id = $2`,
  );
  const { claimed, endpoint } = await exchange(key);
  expect(claimed).toEqual(leased?.claimed);
  expect(endpoint).toEqual(leased?.endpoint);

  await exchange(key, claimed.map(succeeded), leased?.memory);
  // Done with, it is in nobody's way any more.
  expect(await publishOne(directory, 'cem')).toHaveLength(1);
});

it('leases nothing where something is pending, on the way or not: it would go before that', async () => {
  const { directory, key } = await buildTarget('none');
  await publishOne(directory, 'first');
  expect(await publishOne(directory, 'second')).toEqual([]);
  expect((await exchange(key)).claimed).toHaveLength(1);
});

it.each([
  ['is switched off', `UPDATE webhook_endpoints SET enabled = false WHERE environment_id = $1 AND id = $2`],
  ['has a rate limit', `UPDATE webhook_endpoints SET rate_limit = 1 WHERE environment_id = $1 AND id = $2`],
  [
    'is cooling',
    `UPDATE webhook_endpoint_health SET cooling_until = now() + interval '1 minute' WHERE environment_id = $1 AND endpoint_id = $2`,
  ],
])('leases nothing of an endpoint that %s', async (_, sql) => {
  const { directory, key } = await buildTarget();
  await onEndpoint(key, sql);
  expect(await publishOne(directory, 'ada')).toEqual([]);
});

it('waits for nobody who has the endpoint, and leaves the delivery to him', async () => {
  const { directory, key } = await buildTarget();
  await createUser(app, directory, 'ada@acme.test');
  await tenantTransaction(app, { environmentId: key.environmentId }, async (manager) => {
    await lockEndpoint(manager, key);
    expect(await drainAtOnce(directory)).toEqual([]);
  });
  expect((await exchange(key)).claimed).toHaveLength(1);
});

it('lets one endpoint have no more on the way however many directories are drained at one time', async () => {
  const { directory, key } = await buildTarget();
  const others = await Promise.all(
    [1, 2, 3].map(() => buildDirectory(database.ownerUrl, { environmentId: directory.environmentId })),
  );
  for (const one of [directory, ...others]) await createUser(app, one, 'ada@acme.test');
  const leased = await Promise.all([directory, ...others].map(drainAtOnce));
  expect(leased.flat()).toHaveLength(1);
  expect((await exchange(key)).claimed).toHaveLength(3);
});
