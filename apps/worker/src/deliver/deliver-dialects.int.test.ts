import { createHmac } from 'node:crypto';
import { ScalekitClient } from '@scalekit-sdk/node';
import { WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EventType, GroupMembersChangedData, UserData } from '@rollcall/contract';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { createEgressClient } from '@rollcall/egress';
import { renderEvent, sampleEvent } from '@rollcall/events';
import { asOperator, findDelivery, retryDelivery } from '@rollcall/management';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { createLogger, createTurns, newId, takeLoopTurns } from '@rollcall/platform';
import { buildDirectory, buildSignedEndpoint } from '@rollcall/test-builders';
import type { EndpointOptions } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createTestDatabase, startReceiver } from '@rollcall/testing';
import type { ReceivedRequest, Receiver, TestDatabase } from '@rollcall/testing';
import { HEALTHY, IN_FLIGHT_LIMITS, shareInFlight } from '@rollcall/webhooks';
import { vi } from 'vitest';
import { deliverEndpoint } from './deliver-endpoint';

const workos = new WorkOS('sk_test');
const scalekit = new ScalekitClient('http://127.0.0.1', 'nobody', 'nothing');
let database: TestDatabase;
let app: DataSource;
let receiver: Receiver;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl }).initialize();
  receiver = await startReceiver();
  directory = await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  await receiver?.stop();
  await app?.destroy();
  await database?.drop();
});

beforeEach(() => {
  receiver.clear();
  receiver.answerWith(() => ({ status: 204 }));
});

it('an endpoint without a dialect gets the stored bytes, whatever they are', async () => {
  const { key } = await addEndpoint({});
  const stored = '{"id":"evt_1", "odd" : [1,  2], "type":"organization.directory.user_created"} no JSON';
  await addDelivery(key, 'organization.directory.user_created', stored);
  await deliver(key);
  expect(receiver.requests.map(({ body }) => body)).toEqual([stored]);
});

it('a WorkOS receiver verifies with its SDK what came of a group, one member after another', async () => {
  const { key, secret } = await addEndpoint({ dialect: 'workos' });
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(3));
  await deliver(key);
  const events = await Promise.all(receiver.requests.map((request) => construct(request, secret)));
  expect(events).toMatchObject([
    {
      event: 'dsync.group.user_added',
      data: { user: { idpId: 'm0', email: 'm0@acme.test' }, group: { name: 'Staff' } },
    },
    { event: 'dsync.group.user_added', data: { user: { idpId: 'm1' } } },
    { event: 'dsync.group.user_added', data: { user: { idpId: 'm2' } } },
  ]);
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(events.map(({ id }) => id));
  await expect(construct(receiver.requests[0], 'whsec_other')).rejects.toThrow('Signature hash');
});

it('a Scalekit receiver verifies with its SDK, and learns of a deactivation as of a deletion', async () => {
  const { key, secret } = await addEndpoint({ dialect: 'scalekit' });
  await addDelivery(key, 'organization.directory.user_updated', deactivated());
  await deliver(key);
  const [request] = receiver.requests;
  const headers = request?.headers as Record<string, string>;
  expect(scalekit.verifyWebhookPayload(secret, headers, request?.body ?? '')).toBe(true);
  expect(request?.json()).toMatchObject({ type: 'organization.directory.user_deleted', data: { active: false } });
});

it('after a failure in the middle the rest is sent again, the same bytes, and nothing that was accepted', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  const delivery = await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(3));
  receiver.answerOnce({ status: 204 }, { status: 500 });
  await deliver(key);
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'pending', last_status: 500 }]);
  await makeDue(key);
  await deliver(key);
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'succeeded', attempt: 2 }]);
  const [first, failed, repeated, last, ...more] = receiver.requests.map(({ body }) => body);
  const { requestBody } = await findDelivery(app, key, delivery);
  expect(requestBody).toBe([first, failed, last].join('\n'));
  expect(more).toEqual([]);
  expect(repeated).toBe(failed);

  // Asked for once more after it was delivered, it is sent from the beginning.
  await retryDelivery(asOperator(app), key, delivery);
  receiver.clear();
  await deliver(key);
  expect(receiver.requests.map(({ body }) => body)).toEqual([first, failed, last]);
});

it('what has no time left in its lease goes on in the next, without a failure and without repeating anything', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(3));
  const now = performance.now.bind(performance);
  let passedMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
  receiver.answerWith(() => {
    passedMs += 20_000;
    return { status: 204 };
  });
  await deliver(key);
  clock.mockRestore();
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'succeeded', attempt: 3 }]);
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  expect(receiver.requests).toHaveLength(3);
  expect(await healthOf(key)).toMatchObject({ consecutiveFailures: 0 });
});

it('a shutdown in the middle loses nothing of what was accepted: the next process sends the rest', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(6));
  const shutdown = new AbortController();
  receiver.answerWith(() => {
    if (receiver.requests.length === 3) shutdown.abort();
    return { status: 204 };
  });
  await deliver(key, { signal: shutdown.signal });
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'pending', attempt: 1, last_status: 204 }]);
  await deliver(key);
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'succeeded', attempt: 2 }]);
  // The one that was on the way is repeated: whether it arrived is not known.
  expect(idsOf(receiver.requests)).toHaveLength(7);
  expect(new Set(idsOf(receiver.requests)).size).toBe(6);
  expect(await healthOf(key)).toMatchObject({ consecutiveFailures: 0 });
});

it('a message that cannot be signed ends the attempt, and what was accepted before it is not sent again', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(4));
  const openSecret = (sealed: string) => {
    if (receiver.requests.length >= 2) throw new Error('no key');
    return sealed;
  };
  await deliver(key, { openSecret });
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'pending', attempt: 2, last_error: 'internal' }]);
  await makeDue(key);
  await deliver(key);
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'succeeded', attempt: 3 }]);
  expect(idsOf(receiver.requests)).toHaveLength(4);
  expect(new Set(idsOf(receiver.requests)).size).toBe(4);
});

it('a rate limit holds for the messages of all events together, and for what comes after them', async () => {
  const { key } = await addEndpoint({ dialect: 'workos', rateLimit: 20 });
  for (let n = 0; n < 2; n += 1) {
    await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(4));
  }
  const times: number[] = [];
  receiver.answerWith(() => {
    times.push(Date.now());
    return { status: 204 };
  });
  const start = Date.now();
  await deliver(key);
  expect(new Set(idsOf(receiver.requests)).size).toBe(8);
  // Of eight requests two may be made up for: see `permitRate`.
  expect(Math.max(...times) - start).toBeGreaterThanOrEqual(5 * 50);
  expect(await nextSendTimeOf(key)).toBeGreaterThanOrEqual(start + 6 * 50);
});

it('the largest event there is becomes as many messages as it has members, in one delivery and in order', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(500));
  await deliver(key);
  const told = receiver.requests.map(
    (request) => request.json<{ data: { user: { idp_id: string } } }>().data.user.idp_id,
  );
  expect(told).toEqual(Array.from({ length: 500 }, (_, n) => `m${n}`));
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'succeeded' }]);
});

it('a failure after attempts that only went on is tried again by the schedule, as if it were the first', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(4));
  const now = performance.now.bind(performance);
  let passedMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
  receiver.answerWith(() => {
    passedMs += 20_000;
    return { status: receiver.requests.length === 4 ? 500 : 204 };
  });
  await deliver(key);
  clock.mockRestore();
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'pending', attempt: 4, last_status: 500 }]);
});

it('what a dialect has nothing for is delivered without a request, says so, and tells nothing of the endpoint', async () => {
  const { key } = await addEndpoint({ dialect: 'scalekit' });
  await addDelivery(key, 'organization.directory.user_updated', deactivated());
  receiver.answerOnce({ status: 500 });
  await deliver(key);
  receiver.clear();
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(1));
  await deliver(key);
  expect(receiver.requests).toEqual([]);
  expect(await deliveriesOf(key)).toMatchObject([
    { state: 'pending', last_status: 500 },
    { state: 'succeeded', attempt: 1, last_status: null, last_error: null },
  ]);
  expect(await healthOf(key)).toMatchObject({ consecutiveFailures: 1 });
});

it('an open circuit is probed with a request: what there is nothing to send for holds nothing up', async () => {
  const { key } = await addEndpoint({ dialect: 'scalekit' });
  for (let n = 0; n < 3; n += 1) {
    await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(1));
  }
  await addDelivery(key, 'organization.directory.user_updated', deactivated());
  await openCircuit(key);
  await deliver(key);
  expect(receiver.requests.map((request) => request.json<{ type: string }>().type)).toEqual([
    'organization.directory.user_deleted',
  ]);
  expect((await deliveriesOf(key)).map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => 'succeeded'));
  expect(await healthOf(key)).toMatchObject({ coolingUntil: null });
});

it('while two secrets are live, attempts take turns, so that a WorkOS receiver with either gets the event', async () => {
  const { key, secret } = await addEndpoint({ dialect: 'workos' });
  await addNewerSecret(key);
  await addDelivery(key, 'organization.directory.user_updated', deactivated());
  receiver.answerOnce({ status: 400 });
  await deliver(key);
  await makeDue(key);
  await deliver(key);
  const [first, second] = receiver.requests;
  await expect(construct(first, 'whsec_newer')).resolves.toMatchObject({ event: 'dsync.user.deleted' });
  await expect(construct(second, secret)).resolves.toMatchObject({ event: 'dsync.user.deleted' });
});

it('while two secrets are live, an attempt that goes on with an event signs as the one before', async () => {
  const { key } = await addEndpoint({ dialect: 'workos' });
  await addNewerSecret(key);
  await addDelivery(key, 'organization.directory.group_members_changed', membersChanged(3));
  const shutdown = new AbortController();
  receiver.answerWith(() => {
    if (receiver.requests.length === 2) shutdown.abort();
    return { status: 204 };
  });
  await deliver(key, { signal: shutdown.signal });
  await deliver(key);
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'succeeded', attempt: 2 }]);
  const signed = await Promise.allSettled(receiver.requests.map((request) => construct(request, 'whsec_newer')));
  expect(signed.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'fulfilled'));
});

it('while two secrets are live, a receiver with the older one refuses no more of a burst than was on the way together', async () => {
  const { key, secret } = await addEndpoint({ dialect: 'workos', ordering: 'none' });
  await addNewerSecret(key);
  for (let n = 0; n < 40; n += 1) await addDelivery(key, 'organization.directory.user_updated', deactivated());
  receiver.answerWith((request) => ({ status: isSignedWith(request, secret) ? 204 : 400 }));
  await deliver(key);
  const refused = (await deliveriesOf(key)).filter(({ state }) => state !== 'succeeded');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThanOrEqual(IN_FLIGHT_LIMITS.perEndpoint);
});

async function addNewerSecret({ environmentId, endpointId }: EndpointKey): Promise<void> {
  await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query(
      `INSERT INTO webhook_secrets (environment_id, endpoint_id, id, sealed_secret, create_time)
       VALUES ($1, $2, $3, 'whsec_newer', now() + interval '1 minute')`,
      [environmentId, endpointId, newId()],
    ),
  );
}

function isSignedWith({ headers, body }: ReceivedRequest, secret: string): boolean {
  const [, time, signature] = /^t=(\d+), v1=(\w+)$/.exec(String(headers['workos-signature'])) ?? [];
  return createHmac('sha256', secret).update(`${time}.${body}`).digest('hex') === signature;
}

function construct(request: ReceivedRequest | undefined, secret: string) {
  const sigHeader = String(request?.headers['workos-signature']);
  return workos.webhooks.constructEvent({ payload: request?.body ?? '', sigHeader, secret });
}

function addEndpoint(options: EndpointOptions): Promise<{ key: EndpointKey; secret: string }> {
  return buildSignedEndpoint(app, directory, { url: receiver.url, ...options });
}

function envelope(type: EventType) {
  const { environmentId, organizationId, directoryId } = directory;
  return { id: newId(), type, environmentId, organizationId, directoryId, sequence: 1, occurredAt: new Date() };
}

function sampleData<Data>(type: EventType): Data {
  return (JSON.parse(sampleEvent(type, envelope(type))) as { data: Data }).data;
}

function membersChanged(count: number): string {
  const type = 'organization.directory.group_members_changed';
  const { group } = sampleData<GroupMembersChangedData>(type);
  const added = Array.from({ length: count }, (_, n) => ({
    id: `diruser_${newId()}`,
    email: `m${n}@acme.test`,
    dp_id: `m${n}`,
  }));
  return renderEvent({ ...envelope(type), data: { group: { ...group, display_name: 'Staff' }, added, removed: [] } });
}

function deactivated(): string {
  const type = 'organization.directory.user_updated';
  const data = { ...sampleData<UserData>(type), active: false };
  return renderEvent({ ...envelope(type), data, previousAttributes: { active: true } });
}

async function addDelivery({ environmentId, endpointId }: EndpointKey, type: EventType, body: string): Promise<string> {
  const id = newId();
  await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query(
      `INSERT INTO deliveries (environment_id, endpoint_id, directory_id, id, event_id, event_type, resource_id, state,
         next_attempt_time, body)
       VALUES ($1, $2, '', $3, $3, $4, $3, 'pending', now(), $5)`,
      [environmentId, endpointId, id, type, body],
    ),
  );
  return id;
}

async function makeDue({ environmentId, endpointId }: EndpointKey): Promise<void> {
  await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query(
      `UPDATE deliveries SET next_attempt_time = now() WHERE environment_id = $1 AND endpoint_id = $2 AND state = 'pending'`,
      [environmentId, endpointId],
    ),
  );
}

function deliveriesOf({ environmentId, endpointId }: EndpointKey): Promise<Record<string, unknown>[]> {
  return tenantTransaction(app, { environmentId }, (manager) =>
    manager.query<Record<string, unknown>[]>(
      `SELECT state, attempt, last_status, last_error FROM deliveries WHERE environment_id = $1 AND endpoint_id = $2 ORDER BY id`,
      [environmentId, endpointId],
    ),
  );
}

/** The circuit of an endpoint whose next probe is due. */
async function openCircuit({ environmentId, endpointId }: EndpointKey): Promise<void> {
  const coolingUntil = Date.now() - 1_000;
  const health = { ...HEALTHY, consecutiveFailures: 20, failingSince: coolingUntil - 100_000, coolingUntil };
  await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query(
      `UPDATE webhook_endpoint_health SET health = $3, cooling_until = to_timestamp($4::float8 / 1000)
       WHERE environment_id = $1 AND endpoint_id = $2`,
      [environmentId, endpointId, health, coolingUntil],
    ),
  );
}

async function healthOf({ environmentId, endpointId }: EndpointKey): Promise<unknown> {
  const [row] = await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query<{ health: unknown }[]>(
      'SELECT health FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2',
      [environmentId, endpointId],
    ),
  );
  return row?.health;
}

async function nextSendTimeOf({ environmentId, endpointId }: EndpointKey): Promise<number | undefined> {
  const [row] = await tenantTransaction(app, { environmentId }, (manager) =>
    manager.query<{ next_send_time: Date }[]>(
      'SELECT next_send_time FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2',
      [environmentId, endpointId],
    ),
  );
  return row?.next_send_time.getTime();
}

function idsOf(requests: readonly ReceivedRequest[]): unknown[] {
  return requests.map(({ headers }) => headers['webhook-id']);
}

interface DeliverOptions {
  signal?: AbortSignal;
  openSecret?: (sealed: string) => string;
}

function deliver(endpoint: EndpointKey, options: DeliverOptions = {}): Promise<number | null> {
  const { signal = new AbortController().signal, openSecret = (sealed: string) => sealed } = options;
  return deliverEndpoint(
    {
      dataSource: app,
      turns: createTurns({ atOnce: 1, perOwner: 1 }),
      shares: shareInFlight(),
      logger: createLogger('test', { level: 'error' }),
      egress: createEgressClient({ allowPrivateTargets: true, ownAddresses: [], ownHostnames: [] }),
      clock: () => new Date(),
      loopTurn: takeLoopTurns(),
      random: () => 0.5,
      schedule: [60, 60],
      openSecret,
      wakeUps: { deliverEndpoint: () => undefined },
    },
    endpoint,
    signal,
  );
}
