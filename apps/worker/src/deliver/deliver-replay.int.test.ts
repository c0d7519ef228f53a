import type { Ordering } from '@rollcall/contract';
import { createEgressClient } from '@rollcall/egress';
import { createLogger, createTurns, newId, takeLoopTurns } from '@rollcall/platform';
import { createTestDatabase, startReceiver } from '@rollcall/testing';
import type { ReceivedRequest, Receiver, TestDatabase } from '@rollcall/testing';
import { shareInFlight } from '@rollcall/webhooks';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator, createReplay, findReplay, pauseReplay, resumeReplay } from '@rollcall/management';
import type { EndpointKey } from '@rollcall/pipeline-store';
import {
  buildDirectory,
  buildEndpoint,
  buildSignedEndpoint,
  seedDeliveries,
  seedEvents,
} from '@rollcall/test-builders';
import type { BuiltDirectory, SeededEvent } from '@rollcall/test-builders';
import { deliverEndpoint } from './deliver-endpoint';

const EVENTS = 450;

const turns = createTurns({ atOnce: 1, perOwner: 1 });
let database: TestDatabase;
let app: DataSource;
let receiver: Receiver;
let directory: BuiltDirectory;
let events: SeededEvent[];

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl }).initialize();
  receiver = await startReceiver();
  directory = await buildDirectory(database.ownerUrl);
  events = await seedEvents(app, directory, { from: 1, to: EVENTS });
});

afterAll(async () => {
  await receiver?.stop();
  await app?.destroy();
  await database?.drop();
});

it('sends every event of the range, signed anew over the stored bytes, with the name of the replay', async () => {
  const { key, secret } = await buildSignedEndpoint(app, directory, { url: receiver.url });
  const replayId = await startReplay(key);
  receiver.clear();
  const hinted = await deliver(key);
  expect(replayed(receiver.requests)).toEqual(
    events.map(({ id, body }) => [`evt_${id}`, `rpl_${replayId}`, body]).toSorted(byId),
  );
  const { body, headers } = receiver.requests[0] ?? { body: '', headers: {} };
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toBeTruthy();
  expect(await show(key, replayId)).toMatchObject({ replay: { state: 'finished' }, done: EVENTS, failed: 0 });
  expect(hinted).toEqual([]);
});

it('sends live events without the header, and hints the endpoints that are notified of its end', async () => {
  const operations = await addEndpoint('none', ['replay.finished']);
  const key = await addEndpoint('none');
  await seedDeliveries(app, directory, key, events.slice(0, 2));
  const replayId = await startReplay(key, { directoryId: directory.directoryId, fromSequence: '449' });
  receiver.clear();
  expect(await deliver(key)).toEqual([operations.endpointId]);
  const replayIds = receiver.requests.map(({ headers }) => headers['rollcall-replay'] ?? null);
  expect(replayIds).toEqual([null, null, `rpl_${replayId}`, `rpl_${replayId}`]);
});

it('stops at a pause and goes on where it was, in order on a fifo endpoint', async () => {
  const key = await addEndpoint('fifo');
  const replayId = await startReplay(key, { directoryId: directory.directoryId, toSequence: '30' });
  receiver.clear();
  receiver.answerWith(() => ({ status: 204, delayMs: 5 }));
  const delivering = deliver(key);
  await receiver.waitFor((requests) => requests.length >= 10);
  await pauseReplay(asOperator(app), { ...key, replayId });
  await delivering;
  const atPause = receiver.requests.length;
  expect(atPause).toBeLessThan(30);
  expect(await show(key, replayId)).toMatchObject({ replay: { state: 'paused' }, done: atPause });
  await resumeReplay(asOperator(app), { ...key, replayId });
  await deliver(key);
  expect(receiver.requests.map(({ body }) => body)).toEqual(events.slice(0, 30).map(({ body }) => body));
});

it('retries and gives up as for live events', async () => {
  const key = await addEndpoint('none');
  const replayId = await startReplay(key, { directoryId: directory.directoryId, toSequence: '3' });
  receiver.answerWith(({ body }) => ({ status: body === '{"n":2}' ? 500 : 204 }));
  await deliver(key);
  expect(await show(key, replayId)).toMatchObject({ replay: { state: 'running' }, done: 2, failed: 0 });
  await tenantTransaction(app, directory, (manager) =>
    manager.query('UPDATE deliveries SET next_attempt_time = now() WHERE endpoint_id = $1', [key.endpointId]),
  );
  await deliver(key);
  expect(await show(key, replayId)).toMatchObject({ replay: { state: 'finished' }, done: 3, failed: 1 });
});

const byId = ([a]: string[], [b]: string[]) => (a ?? '').localeCompare(b ?? '');

function replayed(requests: readonly ReceivedRequest[]): string[][] {
  return requests
    .map(({ headers, body }) => [String(headers['webhook-id']), String(headers['rollcall-replay']), body])
    .toSorted(byId);
}

async function startReplay(key: EndpointKey, range: object = {}): Promise<string> {
  const everything = { directoryId: null, fromSequence: null, toSequence: null, fromTime: null, toTime: null };
  const request = { ...everything, types: [], failedOnly: false, id: newId(), ...range };
  return (await createReplay(asOperator(app), key, request, { dryRun: false, retentionSeconds: 86_400 })).result.id;
}

function show(key: EndpointKey, replayId: string) {
  return findReplay(app, { ...key, replayId });
}

/** Works until nothing may go; answers which endpoints were hinted. */
async function deliver(key: EndpointKey): Promise<string[]> {
  const hinted: string[] = [];
  await deliverEndpoint(
    {
      dataSource: app,
      turns,
      shares: shareInFlight(),
      logger: createLogger('test', { level: 'error' }),
      egress: createEgressClient({ allowPrivateTargets: true, ownAddresses: [], ownHostnames: [] }),
      clock: () => new Date(),
      loopTurn: takeLoopTurns(),
      random: () => 0.5,
      schedule: [5],
      openSecret: (sealed) => sealed,
      wakeUps: { deliverEndpoint: ({ endpointId }) => void hinted.push(endpointId) },
    },
    key,
    new AbortController().signal,
  );
  return hinted;
}

function addEndpoint(ordering: Ordering, eventTypes: string[] = []): Promise<EndpointKey> {
  return buildEndpoint(app, directory, { url: receiver.url, ordering, eventTypes });
}
