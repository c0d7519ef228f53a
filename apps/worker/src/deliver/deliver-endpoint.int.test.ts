import { createEgressClient } from '@rollcall/egress';
import { createLogger, createTurns, publicId, takeLoopTurns } from '@rollcall/platform';
import type { LoopTurn } from '@rollcall/platform';
import { createTestDatabase, startFaultProxy, startReceiver, waitUntil } from '@rollcall/testing';
import type { Receiver, TestDatabase } from '@rollcall/testing';
import { CLAIM_RULES, IN_FLIGHT_LIMITS, shareInFlight } from '@rollcall/webhooks';
import type { InFlightShares } from '@rollcall/webhooks';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { EndpointKey, LeasedDeliveries } from '@rollcall/pipeline-store';
import { buildDirectory, buildEndpoint, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainDirectory } from '../normalize/drain-directory';
import { RunOncePerKey } from '../run-once-per-key';
import type { WakeSignal } from '../run-once-per-key';
import { deliverEndpoint } from './deliver-endpoint';

const logger = createLogger('test', { level: 'error' });
const turns = createTurns({ atOnce: 1, perOwner: 1 });
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

it('records an attempt that ends while the one before it is being recorded', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'ann@acme.test');
  await createUser(app, directory, 'bob@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);

  // The endpoint's lock is held from the first request until both are answered: recording the first waits meanwhile.
  let answered = 0;
  let held: Promise<void> | undefined;
  receiver.answerWith(() => {
    held ??= holdLock(endpoint, () => answered === 2);
    answered += 1;
    return { status: 204, delayMs: answered === 1 ? 200 : 400 };
  });
  await deliver(app, endpoint);

  await held;
  expect(await statesOf(endpoint)).toEqual(['succeeded', 'succeeded']);
});

it.each([
  ['was answered', 0],
  ['is answered after more was looked for in vain', 800],
])('records what %s while the database was away, and sends nothing twice', async (_when, delayMs) => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, `eve${delayMs}@acme.test`);
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  const url = new URL(database.appUrl);
  const way = await startFaultProxy({ targetPort: Number(url.port) });
  url.port = String(way.port);
  const throughWay = await createDataSource({ url: url.href }).initialize();

  receiver.clear();
  let wake = () => {};
  const woken = new Promise<void>((resolve) => (wake = resolve));
  receiver.answerWith(() => {
    void way.setFault({ kind: 'refuse' }).then(() => wake());
    setTimeout(() => void way.setFault({ kind: 'pass' }), 1_500);
    return { status: 204, delayMs };
  });
  const never = new Promise<void>(() => undefined);
  const wakings = [woken];
  const wakeSignal = { again: () => wakings.shift() ?? never, acknowledge: () => undefined };
  await deliver(throughWay, endpoint, logger, { wakeSignal });
  expect(await statesOf(endpoint)).toEqual(['succeeded']);
  expect(receiver.requests).toHaveLength(1);
  await throughWay.destroy();
  await way.stop();
});

it('leaves to others what it was leased before it stood still for long', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'kay@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  receiver.clear();
  receiver.answerWith(() => ({ status: 204 }));
  const shares = shareInFlight();
  const goOn = takeLoopTurns();
  let stoodStillMs = 0;
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + stoodStillMs);
  const loopTurn = (owner: string) => {
    stoodStillMs = CLAIM_RULES.leaseMs;
    return goOn(owner);
  };
  await deliver(app, endpoint, logger, { shares, loopTurn });
  clock.mockRestore();
  expect(await statesOf(endpoint)).toEqual(['pending']);
  expect(receiver.requests).toEqual([]);
  expect(shares.reserveFree(endpoint.environmentId, 1_000)).toBe(IN_FLIGHT_LIMITS.perEnvironment);

  await tenantTransaction(app, directory, (manager) =>
    manager.query(`UPDATE deliveries SET claimed_until = now() WHERE endpoint_id = $1`, [endpoint.endpointId]),
  );
  await deliver(app, endpoint);
  expect(await statesOf(endpoint)).toEqual(['succeeded']);
});

it('leases a fast endpoint more than may be under way, has no more under way, and gives back what waits when it is slow', async () => {
  const endpoint = await addEndpoint();
  await Promise.all(Array.from({ length: 80 }, (_, index) => createUser(app, directory, `ahead${index}@acme.test`)));
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  // Every answer comes at once, however slow the machine is, until it is said that time has passed.
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  let underWay = 0;
  let most = 0;
  receiver.clear();
  receiver.answerWith(() => {
    if (receiver.requests.length > 30) return { kind: 'hang' };
    most = Math.max(most, (underWay += 1));
    setTimeout(() => (underWay -= 1), 20);
    return { status: 204, delayMs: 20 };
  });
  const shares = shareInFlight();
  const stopping = new AbortController();
  const running = deliver(app, endpoint, logger, { shares, signal: stopping.signal });

  await waitUntil(async () => (await heldOf(endpoint)) > IN_FLIGHT_LIMITS.perEndpoint);
  await receiver.waitFor((requests) => requests.length === 40);
  now += CLAIM_RULES.leaseMs / 2;
  await waitUntil(async () => (await heldOf(endpoint)) === IN_FLIGHT_LIMITS.perEndpoint);
  stopping.abort();
  await running;
  clock.mockRestore();
  expect(most).toBeLessThanOrEqual(IN_FLIGHT_LIMITS.perEndpoint);
  expect(receiver.requests).toHaveLength(40);
  expect(await heldOf(endpoint)).toBe(0);
  expect((await statesOf(endpoint)).filter((state) => state === 'succeeded')).toHaveLength(30);
  expect(shares.reserveFree(endpoint.environmentId, 1_000)).toBe(IN_FLIGHT_LIMITS.perEnvironment);

  receiver.clear();
  receiver.answerWith(() => ({ status: 204 }));
  await deliver(app, endpoint);
  expect(receiver.requests).toHaveLength(50);
  expect(new Set(await statesOf(endpoint))).toEqual(new Set(['succeeded']));
});

async function heldOf({ endpointId }: EndpointKey): Promise<number> {
  const rows = await tenantTransaction(app, directory, (manager) =>
    manager.query<unknown[]>(
      `SELECT 1 FROM deliveries WHERE endpoint_id = $1 AND state = 'pending' AND claimed_until > now()`,
      [endpointId],
    ),
  );
  return rows.length;
}

it('keeps an event that was answered 410 until the endpoint is on again', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'hal@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  receiver.answerWith(() => ({ status: 410 }));
  await deliver(app, endpoint);
  expect(await enabledAndStates(endpoint)).toEqual([{ enabled: false, state: 'pending' }]);

  receiver.answerWith(() => ({ status: 204 }));
  await tenantTransaction(app, directory, (manager) =>
    manager.query('UPDATE webhook_endpoints SET enabled = true WHERE id = $1', [endpoint.endpointId]),
  );
  await deliver(app, endpoint);
  expect(await enabledAndStates(endpoint)).toEqual([{ enabled: true, state: 'succeeded' }]);
});

function enabledAndStates({ endpointId }: EndpointKey): Promise<unknown[]> {
  return tenantTransaction(app, directory, (manager) =>
    manager.query<unknown[]>(
      `SELECT e.enabled, d.state FROM webhook_endpoints e
       JOIN deliveries d ON d.environment_id = e.environment_id AND d.endpoint_id = e.id WHERE e.id = $1`,
      [endpointId],
    ),
  );
}

it('names the endpoint with every attempt in the log, and says when the receiver had it switched off', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'gus@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };

  receiver.answerWith(() => ({ status: 410 }));
  await deliver(app, endpoint, createLogger('test', { level: 'info', destination }));

  const endpoint_id = publicId('whe', endpoint.endpointId);
  expect(lines).toMatchObject([
    { level: 'info', msg: 'delivery.attempted', status: 410, endpoint_id },
    { level: 'warn', msg: 'endpoint.gone', endpoint_id },
  ]);
});

it('sends what comes while another attempt is on the way, without waiting for its answer', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'ida@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  receiver.clear();
  receiver.answerWith(({ body }) => (body.includes('ida@') ? { kind: 'hang' } : { status: 204 }));
  const runs = new RunOncePerKey();
  const stopping = new AbortController();
  const run = () =>
    runs.run(endpoint.endpointId, async (wakeSignal) => {
      await deliver(app, endpoint, logger, { signal: stopping.signal, wakeSignal });
    });

  const running = run();
  await receiver.waitFor((requests) => requests.length === 1);
  await createUser(app, directory, 'jon@acme.test');
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: () => undefined }, directory);
  void run();
  await receiver.waitFor((requests) => requests.length === 2);
  await waitUntil(async () => (await statesOf(endpoint)).includes('succeeded'));
  expect((await statesOf(endpoint)).toSorted()).toEqual(['pending', 'succeeded']);
  stopping.abort();
  await running;
});

it('sends what the drain leased without asking for it, records it, and gives its places back', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'kim@acme.test');
  const shares = shareInFlight();
  const leased = await drainLeasing(endpoint, shares);
  expect(leased?.claimed).toHaveLength(1);
  receiver.clear();
  receiver.answerWith(() => ({ status: 204 }));
  await deliver(app, endpoint, logger, { leased, shares });
  expect(receiver.requests.map(({ body }) => body)).toEqual(leased?.claimed.map(({ body }) => body));
  expect(await statesOf(endpoint)).toEqual(['succeeded']);
  const { perEnvironment } = IN_FLIGHT_LIMITS;
  expect(shares.reserveFree(directory.environmentId, perEnvironment)).toBe(perEnvironment);
});

it('gives back uncounted what the drain leased when the worker stops before it is sent', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'lea@acme.test');
  const leased = await drainLeasing(endpoint);
  receiver.clear();
  await deliver(app, endpoint, logger, { leased, signal: AbortSignal.abort() });
  expect(receiver.requests).toEqual([]);
  receiver.answerWith(() => ({ status: 204 }));
  await deliver(app, endpoint);
  expect(receiver.requests).toHaveLength(1);
  expect(await statesOf(endpoint)).toEqual(['succeeded']);
});

it('leases nothing with a batch while there is no room for it on the way', async () => {
  const endpoint = await addEndpoint();
  await createUser(app, directory, 'mia@acme.test');
  const shares = shareInFlight();
  shares.reserveFree(directory.environmentId, IN_FLIGHT_LIMITS.perEnvironment);
  expect(await drainLeasing(endpoint, shares)).toBeUndefined();
  expect(await statesOf(endpoint)).toEqual(['pending']);
});

/** Drains what waits; what is leased for the endpoint with that. */
async function drainLeasing(
  { endpointId }: EndpointKey,
  shares = shareInFlight(),
): Promise<LeasedDeliveries | undefined> {
  let found: LeasedDeliveries | undefined;
  const deliver = (key: EndpointKey, leased?: LeasedDeliveries) => {
    if (key.endpointId === endpointId) found = leased;
    else shares.release(key.environmentId, leased?.claimed.length ?? 0);
  };
  await drainDirectory({ dataSource: app, logger, turns, deliverEndpoint: deliver, shares }, directory);
  return found;
}

interface DeliverOptions {
  loopTurn?: LoopTurn;
  signal?: AbortSignal;
  wakeSignal?: WakeSignal;
  leased?: LeasedDeliveries;
  shares?: InFlightShares;
}

function deliver(
  dataSource: DataSource,
  endpoint: EndpointKey,
  log = logger,
  { signal, wakeSignal, leased, shares = shareInFlight(), loopTurn = takeLoopTurns() }: DeliverOptions = {},
): Promise<number | null> {
  const toSend = leased ? [leased] : [];
  return deliverEndpoint(
    {
      dataSource,
      turns,
      shares,
      takeLeased: () => toSend.shift(),
      logger: log,
      egress: createEgressClient({ allowPrivateTargets: true, ownAddresses: [], ownHostnames: [] }),
      clock: () => new Date(),
      loopTurn,
      random: () => 0.5,
      schedule: [5],
      openSecret: (sealed) => sealed,
      wakeUps: { deliverEndpoint: () => undefined },
    },
    endpoint,
    signal ?? new AbortController().signal,
    wakeSignal,
  );
}

async function statesOf({ endpointId }: EndpointKey): Promise<string[]> {
  const rows = await tenantTransaction(app, directory, (manager) =>
    manager.query<{ state: string }[]>('SELECT state FROM deliveries WHERE endpoint_id = $1', [endpointId]),
  );
  return rows.map(({ state }) => state);
}

/** Holds the endpoint's lock until the requests have come in and their answers have had time to arrive. */
async function holdLock({ environmentId, endpointId }: EndpointKey, seen: () => boolean): Promise<void> {
  await tenantTransaction(app, { environmentId }, async (manager) => {
    await manager.query(
      'SELECT 1 FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2 FOR UPDATE',
      [environmentId, endpointId],
    );
    await waitUntil(seen);
    await new Promise((resolve) => {
      setTimeout(resolve, 800);
    });
  });
}

function addEndpoint(): Promise<EndpointKey> {
  return buildEndpoint(app, directory, { url: receiver.url });
}
