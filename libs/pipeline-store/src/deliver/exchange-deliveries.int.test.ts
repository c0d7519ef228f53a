import { ORDERINGS } from '@rollcall/contract';
import type { Ordering } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { CLAIM_RULES, HEALTHY } from '@rollcall/webhooks';
import type { EndpointHealth } from '@rollcall/webhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import type { EndpointKey } from './endpoint-key';
import { exchangeDeliveries } from './exchange-deliveries';
import type { ClaimedDelivery } from './claim-deliveries';
import type { Exchange, ExchangeMemory, ExchangeOptions } from './exchange-deliveries';
import { findEndpointsWithDueDeliveries } from './find-due-endpoints';
import type { DeliveryFate, FinishedDelivery } from './record-attempts';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const options = (changes: Partial<ExchangeOptions> = {}): ExchangeOptions => ({
  finished: [],
  slots: 10,
  inFlightMax: 10,
  ...changes,
});

/** An endpoint with one pending delivery per given resource, numbered in order. */
async function seedEndpoint(ordering: Ordering, resources: readonly string[]): Promise<EndpointKey> {
  const key = await buildEndpoint(app, directory, { ordering });
  await addDeliveries(key, directory, resources);
  return key;
}

async function addDeliveries(
  { environmentId, endpointId }: EndpointKey,
  { directoryId, organizationId }: BuiltDirectory,
  resources: readonly string[],
): Promise<void> {
  await tenantTransaction(app, { environmentId, directoryId }, async (manager) => {
    for (const [index, resource] of resources.entries()) {
      const eventId = newId();
      await manager.query(
        `INSERT INTO events (directory_id, environment_id, organization_id, id, sequence, type, resource_id, occurred_at, body)
         VALUES ($1, $2, $3, $4, $5, 'organization.directory.user_updated', $6, now(), $7)`,
        [directoryId, environmentId, organizationId, eventId, index + 1, resource, `{"n":${index + 1}}`],
      );
      await manager.query(
        `INSERT INTO deliveries (directory_id, environment_id, id, endpoint_id, event_id, event_type, sequence, resource_id, state, next_attempt_time)
         VALUES ($1, $2, $3, $4, $5, 'organization.directory.user_updated', $6, $7, 'pending', now())`,
        [directoryId, environmentId, newId(), endpointId, eventId, index + 1, resource],
      );
    }
  });
}

const finish = (
  delivery: ClaimedDelivery,
  fate: DeliveryFate,
  changes: Partial<FinishedDelivery> = {},
): FinishedDelivery => ({
  directoryId: delivery.directoryId,
  deliveryId: delivery.id,
  attempt: delivery.attempt,
  startTime: new Date(),
  status: fate.state === 'succeeded' ? 200 : 500,
  error: null,
  phases: { total: 1 },
  requestHeaders: {},
  responseHeaders: {},
  responseBody: 'nul \0 byte',
  fate,
  endpointGone: false,
  test: delivery.test,
  ...changes,
});

const bodies = (claimed: readonly ClaimedDelivery[]) => claimed.map(({ body }) => body);
const claim = async (key: EndpointKey, changes: Partial<ExchangeOptions> = {}) =>
  (await exchangeDeliveries(app, key, options(changes))).claimed;

async function update(key: EndpointKey, assignment: string): Promise<void> {
  await tenantTransaction(app, { environmentId: key.environmentId }, (manager) =>
    manager.query(`UPDATE deliveries SET ${assignment} WHERE environment_id = $1 AND endpoint_id = $2`, [
      key.environmentId,
      key.endpointId,
    ]),
  );
}

describe('exchange with an endpoint', () => {
  it('leases a delivery to one worker only, and to another when the lease has run out, with the same attempt number', async () => {
    const key = await seedEndpoint('none', ['a', 'b', 'c']);
    const both = await Promise.all([claim(key), claim(key)]);
    expect(both.flat().length).toBe(3);
    expect(await claim(key)).toEqual([]);
    await update(key, `claimed_until = now() - interval '1 second'`);
    const again = await claim(key);
    expect(again.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });

  it('never has more on the way than the cap, over all workers', async () => {
    const key = await seedEndpoint('none', ['a', 'b', 'c', 'd']);
    expect((await claim(key, { inFlightMax: 3 })).length).toBe(3);
    expect(await claim(key, { inFlightMax: 3 })).toEqual([]);
  });

  it('leases ahead while all leases of the endpoint are the caller’s, and keeps the cap once another worker holds one', async () => {
    const key = await seedEndpoint('none', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const ahead = { slots: 1, inFlightMax: 2 };
    const own = await claim(key, { ...ahead, ahead: 2 });
    expect(own).toHaveLength(3);
    expect(await claim(key, { ...ahead, slots: 2 })).toEqual([]);
    expect(await claim(key, { ...ahead, ahead: 2, held: 2 })).toEqual([]);
    const finished = own.slice(1).map((delivery) => finish(delivery, { state: 'succeeded' }));
    const { memory } = await exchangeDeliveries(app, key, options({ slots: 0 }));
    expect(await claim(key, { ...ahead, finished, memory, ahead: 1, held: 0 })).toHaveLength(1);
    expect(await claim(key, { ...ahead, ahead: 1, held: 2 })).toHaveLength(2);
  });

  it('leases ahead no more than the bodies leave room for', async () => {
    const key = await seedEndpoint('resource', ['a', 'b', 'c', 'd']);
    const large = 'x'.repeat(CLAIM_RULES.aheadBytes / 2);
    await update(key, `body = '${large}'`);
    expect(await claim(key, { slots: 1, ahead: 3 })).toHaveLength(2);
    await update(key, `claimed_until = NULL`);
    expect(await claim(key, { slots: 3, ahead: 1 })).toHaveLength(3);
  });

  it('holds back later events of one resource while an earlier one is unfinished, for 15 minutes from its first attempt', async () => {
    const key = await seedEndpoint('resource', ['a', 'a', 'b']);
    const [first, other] = await claim(key);
    expect(bodies([first, other].filter((d) => d !== undefined))).toEqual(['{"n":1}', '{"n":3}']);
    if (!first || !other) throw new Error('nothing was claimed');
    const failed = finish(first, { state: 'pending', delayMs: 60_000 });
    expect(await claim(key, { finished: [failed, finish(other, { state: 'succeeded' })] })).toEqual([]);
    await update(key, `first_attempt_time = first_attempt_time - interval '16 minutes'`);
    expect(bodies(await claim(key))).toEqual(['{"n":2}']);
  });

  it('runs the hold anew from when the endpoint was enabled again, so that a pause reorders nothing', async () => {
    const key = await seedEndpoint('resource', ['a', 'a']);
    const [first] = await claim(key);
    if (!first) throw new Error('nothing was claimed');
    await claim(key, { finished: [finish(first, { state: 'pending', delayMs: 60_000 })] });
    await update(key, `first_attempt_time = first_attempt_time - interval '6 days'`);
    await enabledSince(key, '14 minutes');
    expect(await claim(key)).toEqual([]);
    await enabledSince(key, '16 minutes');
    expect(bodies(await claim(key))).toEqual(['{"n":2}']);
  });

  it('sends the events of one directory strictly in order when the endpoint is fifo', async () => {
    const key = await seedEndpoint('fifo', ['a', 'b']);
    const [head, ...rest] = await claim(key);
    expect(rest).toEqual([]);
    if (!head) throw new Error('nothing was claimed');
    expect(bodies(await claim(key, { finished: [finish(head, { state: 'succeeded' })] }))).toEqual(['{"n":2}']);
  });

  it.each(ORDERINGS)(
    'gives every directory its turn while one has a backlog, also when one place at a time is free: %s',
    async (ordering) => {
      const backlog = Array.from({ length: 150 }, (_, index) => `user ${index}`);
      const key = await seedEndpoint(ordering, backlog);
      const late = [await buildDirectory(database.ownerUrl, { environmentId: key.environmentId })];
      late.push(await buildDirectory(database.ownerUrl, { environmentId: key.environmentId }));
      for (const each of late) await addDeliveries(key, each, ['late 1', 'late 1', 'late 2']);
      const order: string[] = [];
      let finished: FinishedDelivery[] = [];
      let memory: ExchangeMemory | null = null;
      for (let turn = 0; turn < 60; turn++) {
        const exchange: Exchange = await exchangeDeliveries(app, key, options({ finished, slots: 1, memory }));
        order.push(...exchange.claimed.map(({ directoryId, body }) => `${directoryId} ${body}`));
        finished = exchange.claimed.map((delivery) => finish(delivery, { state: 'succeeded' }));
        ({ memory } = exchange);
      }
      for (const { directoryId } of late) {
        expect(order.filter((sent) => sent.startsWith(directoryId))).toEqual(
          [1, 2, 3].map((n) => `${directoryId} {"n":${n}}`),
        );
      }
      // Who waits for the longest time goes on meanwhile.
      expect(order.length).toBe(60);
      expect(new Set(order).size).toBe(60);
    },
  );

  it('lets directories whose front is held up keep no other one waiting', async () => {
    const key = await seedEndpoint(
      'resource',
      Array.from({ length: 120 }, () => 'one user'),
    );
    const late = await buildDirectory(database.ownerUrl, { environmentId: key.environmentId });
    await addDeliveries(key, late, ['a']);
    expect((await claim(key)).map(({ directoryId }) => directoryId).toSorted()).toEqual(
      [directory.directoryId, late.directoryId].toSorted(),
    );
  });

  it('counts no attempt that we aborted ourselves', async () => {
    const key = await seedEndpoint('none', ['a']);
    const [delivery] = await claim(key);
    if (!delivery) throw new Error('nothing was claimed');
    const [again] = await claim(key, { finished: [finish(delivery, { state: 'released' })] });
    expect(again?.attempt).toBe(1);
  });

  it('lets a late failure of an expired lease change nothing, and a late success count', async () => {
    const key = await seedEndpoint('none', ['a']);
    const [late] = await claim(key);
    if (!late) throw new Error('nothing was claimed');
    await update(key, `claimed_until = now() - interval '1 second'`);
    const [current] = await claim(key);
    if (!current) throw new Error('nothing was claimed');
    await claim(key, { finished: [finish(current, { state: 'pending', delayMs: 60_000 })] });
    await claim(key, { finished: [finish(late, { state: 'failed' })] });
    expect(await states(key)).toEqual(['pending']);
    await claim(key, { finished: [finish(late, { state: 'succeeded' })] });
    expect(await states(key)).toEqual(['succeeded']);
  });

  it('switches the endpoint off when the receiver says it is gone, and lets its events wait', async () => {
    const key = await seedEndpoint('none', ['a', 'b']);
    const [gone] = await claim(key, { slots: 1 });
    if (!gone) throw new Error('nothing was claimed');
    const result = await exchangeDeliveries(
      app,
      key,
      options({ finished: [finish(gone, { state: 'pending', delayMs: 0 }, { endpointGone: true, status: 410 })] }),
    );
    expect(result).toMatchObject({ endpoint: null, claimed: [] });
    expect(await states(key)).toEqual(['pending', 'pending']);
    expect(await findEndpointsWithDueDeliveries(app, null, 1000)).not.toContainEqual(key);
  });

  it('leaves an endpoint on that was enabled again after the attempt began which was answered 410', async () => {
    const key = await seedEndpoint('none', ['a']);
    const [gone] = await claim(key);
    if (!gone) throw new Error('nothing was claimed');
    const late = finish(gone, { state: 'pending', delayMs: 0 }, { endpointGone: true, status: 410 });
    await enabledSince(key, '-1 second');
    const result = await exchangeDeliveries(app, key, options({ finished: [late] }));
    expect(result.endpoint).not.toBeNull();
    expect(result.claimed.map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('lets one probe a minute out while the circuit is open', async () => {
    const key = await seedEndpoint('none', ['a', 'b']);
    await storeHealth(key, { ...HEALTHY, coolingUntil: Date.now() - 1_000 });
    expect((await claim(key)).length).toBe(1);
    expect(await claim(key)).toEqual([]);
  });
});

async function states(key: EndpointKey): Promise<string[]> {
  const rows = await tenantTransaction(app, { environmentId: key.environmentId }, (manager) =>
    manager.query<{ state: string }[]>(
      'SELECT state FROM deliveries WHERE environment_id = $1 AND endpoint_id = $2 ORDER BY sequence',
      [key.environmentId, key.endpointId],
    ),
  );
  return rows.map(({ state }) => state);
}

async function storeHealth({ environmentId, endpointId }: EndpointKey, health: EndpointHealth): Promise<void> {
  await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query(
      `UPDATE webhook_endpoint_health SET health = $3, cooling_until = to_timestamp($4::float8 / 1000)
       WHERE environment_id = $1 AND endpoint_id = $2`,
      [environmentId, endpointId, health, health.coolingUntil],
    ),
  );
}

async function enabledSince({ environmentId, endpointId }: EndpointKey, ago: string): Promise<void> {
  await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query(
      'UPDATE webhook_endpoints SET enabled_time = now() - $3::interval WHERE environment_id = $1 AND id = $2',
      [environmentId, endpointId, ago],
    ),
  );
}
