import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import type { EventType, OperationalEventType } from '@rollcall/contract';
import { createEgressClient } from '@rollcall/egress';
import { createLogger, createTurns, takeLoopTurns } from '@rollcall/platform';
import { createTestDatabase, startReceiver } from '@rollcall/testing';
import type { Receiver, TestDatabase } from '@rollcall/testing';
import { shareInFlight } from '@rollcall/webhooks';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator, createTestDelivery, listDeliveries, retryDelivery } from '@rollcall/management';
import type { DeliveryView, EndpointKey } from '@rollcall/pipeline-store';
import { buildDirectory, buildSignedEndpoint, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainDirectory } from '../normalize/drain-directory';
import { deliverEndpoint } from './deliver-endpoint';

const logger = createLogger('test', { level: 'error' });
const egress = createEgressClient({ allowPrivateTargets: true, ownAddresses: [], ownHostnames: [] });

const turns = createTurns({ atOnce: 1, perOwner: 1 });
let database: TestDatabase;
let app: DataSource;
let receiver: Receiver;
let directory: BuiltDirectory;
let endpoint: EndpointKey;
let secret: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl }).initialize();
  receiver = await startReceiver();
});

beforeEach(async () => {
  receiver.clear();
  receiver.answerWith(() => ({ status: 204 }));
  directory = await buildDirectory(database.ownerUrl);
  const settings = { url: receiver.url, ordering: 'fifo' as const };
  ({ key: endpoint, secret } = await buildSignedEndpoint(app, directory, settings));
});

afterAll(async () => {
  await receiver?.stop();
  await egress.close();
  await app?.destroy();
  await database?.drop();
});

function run<Row>(text: string, params: unknown[]): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query<Row[]>(text, params));
}

async function test(type: EventType | OperationalEventType): Promise<DeliveryView> {
  return (await createTestDelivery(asOperator(app), endpoint, type)).result;
}

async function deliver(): Promise<void> {
  const { signal } = new AbortController();
  const dependencies = {
    dataSource: app,
    turns,
    shares: shareInFlight(),
    logger,
    egress,
    clock: () => new Date(),
    loopTurn: takeLoopTurns(),
    random: () => 0.5,
    schedule: [0.01, 0.01],
  };
  await deliverEndpoint(
    { ...dependencies, openSecret: (sealed) => sealed, wakeUps: { deliverEndpoint: () => undefined } },
    endpoint,
    signal,
  );
}

async function read(id: string): Promise<DeliveryView | undefined> {
  const { rows } = await listDeliveries(app, endpoint, {}, { size: 100 });
  return rows.find((row) => row.id === id);
}

it('sends an example of every type, signed like any other and marked in header and body', async () => {
  const types = [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES];
  for (const type of types) await test(type);
  await deliver();
  const sent = receiver.requests.map(({ headers, body }) => {
    const event = new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
    expect(headers).toMatchObject({ 'rollcall-test': 'true', 'webhook-id': event['id'] });
    expect(event).toMatchObject({ sequence: null, test: true });
    return String(event['type']);
  });
  expect(new Set(sent)).toEqual(new Set(types));
  expect(sent).toHaveLength(types.length);
});

it('shows the owner what the receiver answered, and tries once only', async () => {
  receiver.answerWith(() => ({ status: 500, body: 'x'.repeat(20_000) }));
  const { id } = await test('organization.directory.user_created');
  await deliver();
  await deliver();
  expect(receiver.requests).toHaveLength(1);
  const delivery = await read(id);
  expect(delivery).toMatchObject({ state: 'failed', attempt: 1, last_status: 500, test: true });
  expect(delivery?.attempts).toMatchObject([
    { status: 500, response_body: 'x'.repeat(16_384), phases: { total: expect.any(Number) } },
  ]);
  // The headers as they were sent, among them the signature.
  expect(receiver.requests[0]?.headers).toMatchObject(delivery?.attempts[0]?.request_headers ?? {});
  expect(delivery?.attempts[0]?.request_headers).toMatchObject({
    'webhook-signature': expect.stringMatching(/^v1,/),
    'rollcall-test': 'true',
  });
});

it('sends it once more at :retry', async () => {
  receiver.answerWith(() => ({ status: 500 }));
  const { id } = await test('organization.directory.user_created');
  await deliver();
  receiver.answerWith(() => ({ status: 204 }));
  await retryDelivery(asOperator(app), endpoint, id);
  await deliver();
  expect(await read(id)).toMatchObject({
    state: 'succeeded',
    attempt: 2,
    attempts: [{ status: 500 }, { status: 204 }],
  });
});

it('leaves the endpoint as it is when it is answered 410, and says that a redirect was not followed', async () => {
  receiver.answerOnce({ status: 410 }, { status: 302, headers: { location: receiver.url } });
  const gone = await test('organization.directory.user_created');
  await deliver();
  const moved = await test('organization.directory.user_created');
  await deliver();
  expect(await read(gone.id)).toMatchObject({ state: 'failed', last_status: 410, last_error: null });
  expect(await read(moved.id)).toMatchObject({ state: 'failed', last_status: 302, last_error: 'redirect' });
  const state =
    'SELECT e.enabled, h.health FROM webhook_endpoints e JOIN webhook_endpoint_health h ON h.endpoint_id = e.id WHERE e.id = $1';
  expect(await run(state, [endpoint.endpointId])).toEqual([{ enabled: true, health: {} }]);
});

it('neither waits for the events of a blocked fifo line nor holds them up', async () => {
  await createUser(app, directory, 'ann@acme.test');
  await createUser(app, directory, 'bob@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  receiver.answerWith(({ headers }) => ({ status: headers['rollcall-test'] ? 204 : 500 }));
  await run(
    `UPDATE deliveries SET next_attempt_time = now() + interval '1 hour' WHERE sequence = 1 AND endpoint_id = $1`,
    [endpoint.endpointId],
  );
  const { id } = await test('organization.directory.user_created');
  await deliver();
  expect(receiver.requests).toHaveLength(1);
  expect(await read(id)).toMatchObject({ state: 'succeeded' });
});
