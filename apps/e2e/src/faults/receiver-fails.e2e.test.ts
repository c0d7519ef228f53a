import { ORDERINGS } from '@rollcall/contract';
import {
  type Answer,
  type FaultProxy,
  RECEIVER_CERTIFICATE,
  type ReceivedRequest,
  type Receiver,
  startFaultProxy,
  startReceiver,
  STRANGE_CERTIFICATE,
  waitUntil,
} from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyDirectory } from '../support/create-directory';
import { type Delivery, expectAllDelivered, readDeliveries } from './support/expect-all-delivered';
import { EVENTS, inTurn } from './support/choose-faults';
import { provisionChanges } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { addEndpoint, makeDirectories, type RoundEndpoint } from './support/start-round';

/** A receiver with a fault, on its way to it or in itself. */
interface FaultyReceiver {
  readonly url: string;
  readonly receiver: Receiver;
  readonly proxy?: FaultProxy;
  /** Puts right what is wrong, once the deliveries have met it. Absent: it goes away by itself. */
  heal?(endpoint: FaultyEndpoint, directories: readonly ReadyDirectory[]): Promise<void>;
  /** What the attempts must show in the end. */
  expectAttempts(deliveries: readonly Delivery[]): void;
}

interface FaultyEndpoint extends RoundEndpoint {
  readonly fault: FaultyReceiver;
}

/** Each is met by the same events, on an endpoint of each ordering. */
const FAULTS: Record<string, () => Promise<FaultyReceiver>> = {
  'refuses connections': () => behindProxy({ kind: 'refuse' }, 'refused'),
  'swallows everything': () => behindProxy({ kind: 'blackHole' }, 'timeout'),
  'has its connection reset in the middle of a request': () =>
    behindProxy({ kind: 'resetAfterSent', bytes: 700 }, 'reset'),
  'resets its connection in the middle of an answer': () => sometimes(() => ({ kind: 'resetMidBody' }), 'reset'),
  'answers drop by drop': async () => {
    const receiver = await startReceiver();
    receiver.answerOnce({ kind: 'drip', intervalMs: 500, bytes: 60 });
    return { url: receiver.url, receiver, expectAttempts: expectFailures('timeout') };
  },
  'answers with a megabyte': async () => {
    const receiver = await startReceiver();
    receiver.answerWith({ kind: 'bigBody', bytes: 1_000_000 });
    return { url: receiver.url, receiver, expectAttempts: expectShortAnswers };
  },
  'shows a certificate that nobody vouches for': strangeCertificate,
  'redirects with 301': redirects,
  'answers 410 Gone': gone,
  'answers 429 with Retry-After in seconds': () => tooMany(() => '2', 2_000),
  // An HTTP-date has no fractions of a second.
  'answers 429 with Retry-After as a date': () => tooMany(() => new Date(Date.now() + 3_000).toUTCString(), 2_000),
  'answers 500, then 200': () => sometimes(() => ({ status: 500 }), 500),
};

let system: FaultSystem;
const started: FaultyReceiver[] = [];
const outcomes = new Map<string, Promise<Delivery[]>>();
/** Bare ids of endpoints whose receivers are well again. */
const healed: string[] = [];
let cooling: NodeJS.Timeout;

beforeAll(async () => {
  system = await startFaultSystem(null);
  await system.startWorker({ direct: true });
  const directories = await makeDirectories(system);
  const endpoints: [string, FaultyEndpoint][] = [];
  for (const [turn, [name, start]] of Object.entries(FAULTS).entries()) {
    for (const ordering of inTurn(ORDERINGS, turn)) {
      const fault = await start();
      started.push(fault);
      const endpoint = await addEndpoint(directories, { url: fault.url, ordering });
      endpoints.push([`${name} ${ordering}`, { ...endpoint, receiver: fault.receiver, fault }]);
    }
  }
  cooling = setInterval(() => void endCooling(), 500);
  const writing = provisionChanges(directories);
  for (const [key, endpoint] of endpoints) {
    const outcome = healAndExpectAll(directories, endpoint, writing);
    // Each is looked at by its own test.
    outcome.catch(() => undefined);
    outcomes.set(key, outcome);
  }
});

afterAll(async () => {
  clearInterval(cooling);
  await system?.stop();
  await Promise.all(started.map(async ({ receiver, proxy }) => Promise.all([receiver.stop(), proxy?.stop()])));
});

describe.each([...Object.keys(FAULTS).entries()])('receiver %i, which %s,', (turn, name) => {
  it.each(inTurn(ORDERINGS, turn))(
    'gets every event in the end, in the order of its endpoint: %s',
    async (ordering) => {
      const deliveries = await outcomes.get(`${name} ${ordering}`);
      expect(deliveries).not.toEqual([]);
    },
  );
});

async function healAndExpectAll(
  directories: readonly ReadyDirectory[],
  endpoint: FaultyEndpoint,
  writing: Promise<ReadonlyMap<string, number>>,
): Promise<Delivery[]> {
  const expected = await writing;
  await endpoint.fault.heal?.(endpoint, directories);
  healed.push(endpoint.id.replace('whe_', ''));
  const deliveries =
    (await expectAllDelivered({ directories, endpoints: [endpoint] }, expected)).get(endpoint.id) ?? [];
  endpoint.fault.expectAttempts(deliveries);
  return deliveries;
}

/** A fault between the worker and the receiver, until attempts have failed of it. */
async function behindProxy(fault: Parameters<FaultProxy['setFault']>[0], error: string): Promise<FaultyReceiver> {
  const receiver = await startReceiver();
  const proxy = await startFaultProxy({ targetPort: receiver.port });
  await proxy.setFault(fault);
  return {
    url: `http://127.0.0.1:${proxy.port}/`,
    receiver,
    proxy,
    heal: async (endpoint) => {
      await anAttemptFailed(endpoint);
      await proxy.setFault({ kind: 'pass' });
      proxy.dropConnections();
    },
    expectAttempts: expectFailures(error),
  };
}

async function anAttemptFailed({ id }: FaultyEndpoint): Promise<void> {
  const count = async () =>
    (
      await system.database.query('SELECT 1 FROM delivery_attempts WHERE endpoint_id = $1 LIMIT 1', [
        id.replace('whe_', ''),
      ])
    ).rowCount;
  await waitUntil(count, { what: 'an attempt that failed' });
}

/** Lets the probe of an open circuit go now instead of within a minute, where the receiver is well again. */
async function endCooling(): Promise<void> {
  await system.database.query(
    `UPDATE webhook_endpoint_health SET cooling_until = now(),
       health = health || jsonb_build_object('coolingUntil', floor(extract(epoch FROM now()) * 1000))
     WHERE endpoint_id = ANY ($1) AND cooling_until > now()`,
    [healed],
  );
}

/** The first attempt of every so many events is answered so, all others with 200. */
async function sometimes(
  answer: (receiver: Receiver) => Answer,
  expected: string | number,
  every = 10,
): Promise<FaultyReceiver> {
  const receiver = await startReceiver();
  const seen = new Set<unknown>();
  receiver.answerWith(({ headers }: ReceivedRequest) => {
    const id = headers['webhook-id'];
    if (seen.has(id)) return {};
    seen.add(id);
    return seen.size % every === 1 ? answer(receiver) : {};
  });
  return { url: receiver.url, receiver, expectAttempts: expectFailures(expected) };
}

/** Some attempts failed of this error or with this status. */
function expectFailures(expected: string | number) {
  return (deliveries: readonly Delivery[]) => {
    const attempts = deliveries.flatMap((delivery) => delivery.attempts);
    expect(attempts.flatMap(({ status, error }) => [status, error])).toContain(expected);
  };
}

/** Whoever answers 200 has the event, however long the answer goes on; only its beginning is kept. */
function expectShortAnswers(deliveries: readonly Delivery[]): void {
  for (const { attempts } of deliveries) {
    expect(attempts.map(({ status }) => status)).toEqual([200]);
    expect(attempts[0]?.response_body).toBe('x'.repeat(16_384));
  }
}

async function strangeCertificate(): Promise<FaultyReceiver> {
  const receiver = await startReceiver({ tls: STRANGE_CERTIFICATE });
  return {
    url: receiver.url,
    receiver,
    heal: async (endpoint) => {
      await anAttemptFailed(endpoint);
      receiver.presentCertificate(RECEIVER_CERTIFICATE);
    },
    expectAttempts: expectFailures('tls'),
  };
}

async function redirects(): Promise<FaultyReceiver> {
  const fault = await sometimes(({ url }) => ({ status: 301, headers: { location: `${url}elsewhere` } }), 301);
  return {
    ...fault,
    expectAttempts: (deliveries) => {
      fault.expectAttempts(deliveries);
      expect(fault.receiver.requests.filter(({ path }) => path !== '/')).toEqual([]);
    },
  };
}

interface SwitchableEndpoint {
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
}

/** The endpoint is switched off, its events wait, and they go when it is switched on again. */
async function gone(): Promise<FaultyReceiver> {
  const receiver = await startReceiver();
  receiver.answerWith({ status: 410 });
  return {
    url: receiver.url,
    receiver,
    heal: async ({ id }, directories) => {
      const [{ api }] = directories as [ReadyDirectory];
      const path = `/webhook_endpoints/${id}`;
      const read = async () => (await api<{ webhook_endpoint: SwitchableEndpoint }>('GET', path)).webhook_endpoint;
      await waitUntil(async () => !(await read()).enabled, { what: 'the endpoint being switched off' });
      expect((await read()).disabled_reason).toBe('gone');
      const waiting = await readDeliveries(directories, { id });
      expect(waiting.filter(({ state }) => state !== 'pending')).toEqual([]);
      receiver.answerWith({});
      await api('PATCH', path, { enabled: true });
    },
    expectAttempts: expectFailures(410),
  };
}

/** The next attempt comes no sooner than the receiver asked for. */
async function tooMany(retryAfter: () => string, waitMs: number): Promise<FaultyReceiver> {
  const answer = () => ({ status: 429, headers: { 'retry-after': retryAfter() } });
  const fault = await sometimes(answer, 429, Math.ceil(EVENTS / 6));
  return {
    ...fault,
    expectAttempts: (deliveries) => {
      fault.expectAttempts(deliveries);
      for (const { attempts } of deliveries.filter((delivery) => delivery.attempts.length > 1)) {
        const [first, second] = attempts.map(({ start_time: time }) => Date.parse(time));
        expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(waitMs);
      }
    },
  };
}
