import { newId, publicId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { DISABLE_AFTER_MS } from '@rollcall/webhooks';
import type { EndpointHealth } from '@rollcall/webhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import type { EndpointKey } from './endpoint-key';
import { exchangeDeliveries } from './exchange-deliveries';
import type { ClaimedDelivery } from './claim-deliveries';
import type { DeliveryFate, FinishedDelivery } from './record-attempts';

const SINCE = new Date('2026-11-01T00:00:00Z');
const USER_CREATED = 'organization.directory.user_created';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

function query<Row>(text: string, params: unknown[]): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query<Row[]>(text, params));
}

/** An endpoint that watches the given types, in an environment of its own unless one is given. */
async function seedEndpoint(eventTypes: string[] = [], within?: BuiltDirectory): Promise<EndpointKey> {
  directory = within ?? (await buildDirectory(database.ownerUrl));
  return buildEndpoint(app, directory, { eventTypes });
}

async function seedDelivery(key: EndpointKey, changes: { type?: string; test?: boolean } = {}): Promise<string> {
  const id = newId();
  await query(
    `INSERT INTO deliveries (environment_id, endpoint_id, directory_id, id, event_id, event_type, resource_id, state, next_attempt_time, body, test)
     VALUES ($1, $2, '', $3, $4, $5, '', 'pending', now(), '{}', $6)`,
    [key.environmentId, key.endpointId, id, newId(), changes.type ?? USER_CREATED, changes.test ?? false],
  );
  return id;
}

async function storeHealth({ endpointId }: EndpointKey, health: Partial<EndpointHealth>): Promise<void> {
  await query(
    'UPDATE webhook_endpoint_health SET health = $2, cooling_until = to_timestamp($3::float8 / 1000) WHERE endpoint_id = $1',
    [endpointId, health, health.coolingUntil ?? null],
  );
}

/** Leases what is due, then hands it back so ended. */
async function deliver(key: EndpointKey, fate: DeliveryFate, endpointGone = false): Promise<string[]> {
  const exchange = (finished: FinishedDelivery[]) =>
    exchangeDeliveries(app, key, { finished, slots: 10, inFlightMax: 10 });
  const { claimed } = await exchange([]);
  return (await exchange(claimed.map((delivery) => finish(delivery, fate, endpointGone)))).notified;
}

function finish(delivery: ClaimedDelivery, fate: DeliveryFate, endpointGone: boolean): FinishedDelivery {
  return {
    directoryId: delivery.directoryId,
    deliveryId: delivery.id,
    attempt: delivery.attempt,
    startTime: new Date(),
    status: fate.state === 'succeeded' ? 200 : 500,
    error: null,
    phases: {},
    requestHeaders: {},
    responseHeaders: {},
    responseBody: '',
    fate,
    endpointGone,
    test: delivery.test,
  };
}

interface ReceivedEvent {
  type: string;
  object: string;
  sequence: null;
  data: Record<string, unknown>;
}

/** The operational events that wait for an endpoint, oldest first. */
async function notificationsOf({ endpointId }: EndpointKey): Promise<ReceivedEvent[]> {
  const rows = await query<{ body: string }>(
    `SELECT body FROM deliveries WHERE endpoint_id = $1 AND event_type NOT LIKE 'organization.%' ORDER BY id`,
    [endpointId],
  );
  return rows.map(({ body }) => JSON.parse(body) as ReceivedEvent);
}

const failed: DeliveryFate = { state: 'failed' };
const retry: DeliveryFate = { state: 'pending', delayMs: 60_000 };

describe('a change of an endpoint’s health', () => {
  it('is announced when it answers 410: endpoint.disabled, not to itself', async () => {
    const key = await seedEndpoint();
    const watcher = await seedEndpoint(['endpoint.disabled'], directory);
    await seedDelivery(key);
    expect(await deliver(key, { state: 'pending', delayMs: 0 }, true)).toEqual([watcher.endpointId]);
    expect(await notificationsOf(watcher)).toMatchObject([
      {
        type: 'endpoint.disabled',
        object: 'WebhookEndpoint',
        sequence: null,
        data: {
          id: publicId('whe', key.endpointId),
          url: 'https://app.test',
          enabled: false,
          disabled_reason: 'gone',
          reason: 'gone',
          failing_since: expect.any(String) as string,
          pending_deliveries: 1,
        },
      },
    ]);
    expect(JSON.stringify(await notificationsOf(watcher))).not.toContain('secret');
  });

  it('is announced when it has failed for five days, and once for each warning before', async () => {
    const key = await seedEndpoint();
    const watcher = await seedEndpoint(['endpoint.disabled', 'endpoint.failing'], directory);
    const failingFor = async (share: number) => {
      const since = new Date(Date.now() - DISABLE_AFTER_MS * share);
      await storeHealth(key, { failingSince: since.getTime(), warnedPercent: 50 });
      await seedDelivery(key);
      await deliver(key, retry);
      return since;
    };
    const warnedSince = await failingFor(0.76);
    const since = await failingFor(1);
    expect(await notificationsOf(watcher)).toMatchObject([
      {
        type: 'endpoint.failing',
        data: {
          percent: 75,
          enabled: true,
          failing_since: warnedSince.toISOString(),
          disable_time: new Date(warnedSince.getTime() + DISABLE_AFTER_MS).toISOString(),
        },
      },
      {
        type: 'endpoint.disabled',
        data: { reason: 'failing', failing_since: since.toISOString(), pending_deliveries: 2 },
      },
    ]);
  });

  it('is announced when it delivers again, with how long it failed and how many wait', async () => {
    const key = await seedEndpoint();
    const watcher = await seedEndpoint(['delivery.recovered'], directory);
    const id = await seedDelivery(key);
    await storeHealth(key, { failingSince: SINCE.getTime(), coolingUntil: Date.now() - 1_000 });
    await deliver(key, { state: 'succeeded' });
    expect(await notificationsOf(watcher)).toMatchObject([
      {
        type: 'delivery.recovered',
        object: 'WebhookDelivery',
        data: {
          id: publicId('dlv', id),
          state: 'succeeded',
          attempt: 1,
          last_status: 200,
          failing_since: SINCE.toISOString(),
          pending_deliveries: 0,
        },
      },
    ]);
  });
});

describe('deliveries that are given up', () => {
  it('are announced once in ten minutes for an endpoint, with their number', async () => {
    const key = await seedEndpoint();
    const watcher = await seedEndpoint(['delivery.exhausted'], directory);
    for (let round = 0; round < 3; round += 1) {
      await seedDelivery(key);
      await seedDelivery(key);
      await deliver(key, failed);
    }
    expect((await notificationsOf(watcher)).map(({ data }) => data['exhausted_deliveries'])).toEqual([2]);
    await query(
      `UPDATE webhook_endpoint_health SET exhausted_told_time = exhausted_told_time - interval '11 minutes' WHERE endpoint_id = $1`,
      [key.endpointId],
    );
    const id = await seedDelivery(key);
    await deliver(key, failed);
    expect(await notificationsOf(watcher)).toMatchObject([
      {},
      {
        type: 'delivery.exhausted',
        object: 'WebhookDelivery',
        sequence: null,
        data: { id: publicId('dlv', id), state: 'failed', attempt: 1, last_status: 500, exhausted_deliveries: 5 },
      },
    ]);
  });

  it('are not announced when they are of operational events, so that nothing loops', async () => {
    const key = await seedEndpoint(['delivery.exhausted']);
    const watcher = await seedEndpoint(['delivery.exhausted'], directory);
    await seedDelivery(key, { type: 'secret.expiring' });
    expect(await deliver(key, failed)).toEqual([]);
    expect(await notificationsOf(watcher)).toEqual([]);
  });

  it('are not announced twice when the result of a lost lease comes late', async () => {
    const key = await seedEndpoint();
    const watcher = await seedEndpoint(['delivery.exhausted'], directory);
    await seedDelivery(key);
    const options = { slots: 1, inFlightMax: 10 };
    const { claimed } = await exchangeDeliveries(app, key, { ...options, finished: [] });
    const finished = claimed.map((delivery) => finish(delivery, failed, false));
    await exchangeDeliveries(app, key, { ...options, finished });
    await query('UPDATE webhook_endpoint_health SET exhausted_told_time = NULL WHERE endpoint_id = $1', [
      key.endpointId,
    ]);
    await exchangeDeliveries(app, key, { ...options, finished });
    expect(await notificationsOf(watcher)).toHaveLength(1);
  });
});

describe('a test', () => {
  it('goes out although the circuit is open, before what waits, and is no probe', async () => {
    const key = await seedEndpoint();
    await seedDelivery(key);
    const id = await seedDelivery(key, { test: true });
    await storeHealth(key, { coolingUntil: Date.now() + 50_000 });
    const open = { finished: [], slots: 1, inFlightMax: 10 };
    const { claimed } = await exchangeDeliveries(app, key, open);
    expect(claimed).toMatchObject([{ id, test: true, attempt: 1 }]);
    expect((await exchangeDeliveries(app, key, open)).claimed).toEqual([]);
  });

  it('changes neither health nor what is announced, however it ends', async () => {
    const key = await seedEndpoint();
    const watcher = await seedEndpoint(['delivery.exhausted', 'endpoint.disabled'], directory);
    await seedDelivery(key, { test: true });
    await storeHealth(key, { failingSince: SINCE.getTime() });
    expect(await deliver(key, failed, true)).toEqual([]);
    expect(await notificationsOf(watcher)).toEqual([]);
    expect(
      await query(
        `SELECT e.enabled, h.health, d.state FROM webhook_endpoints e JOIN webhook_endpoint_health h ON h.endpoint_id = e.id
         JOIN deliveries d ON d.endpoint_id = e.id WHERE e.id = $1`,
        [key.endpointId],
      ),
    ).toEqual([{ enabled: true, health: { failingSince: SINCE.getTime() }, state: 'failed' }]);
  });
});

describe('a rate limit', () => {
  it('holds over all workers and says when the next may go', async () => {
    const key = await seedEndpoint();
    await query('UPDATE webhook_endpoints SET rate_limit = 2 WHERE id = $1', [key.endpointId]);
    for (let count = 0; count < 5; count += 1) await seedDelivery(key);
    const options = {
      finished: [],
      slots: 10,
      inFlightMax: 10,
    };
    const move = (to: string) =>
      query(`UPDATE webhook_endpoint_health SET next_send_time = ${to} WHERE endpoint_id = $1`, [key.endpointId]);
    expect((await exchangeDeliveries(app, key, options)).claimed).toHaveLength(1);
    await move(`next_send_time + interval '1 hour'`);
    const workers = await Promise.all([1, 2, 3].map(() => exchangeDeliveries(app, key, options)));
    for (const { claimed, nextDueMs } of workers) {
      expect(claimed).toEqual([]);
      expect(nextDueMs).toBeGreaterThan(3_000_000);
    }
    await move(`next_send_time - interval '2 hours'`);
    expect((await exchangeDeliveries(app, key, options)).claimed).toHaveLength(1);
  });
});
