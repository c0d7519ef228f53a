import { randomUUID } from 'node:crypto';
import { buildOktaUser, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { ReceivedRequest, Receiver, RunningRollcall } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from './support/create-directory';
import type { ReadyDirectory } from './support/create-directory';
import { runLauncher } from './support/run-launcher';

/** More than the deliveries that a replay makes at a time. */
const STORED = 230;
/** Replayed events that have arrived when the worker is killed. */
const BEFORE_KILL = 40;
const LIVE = 20;

interface Replay {
  id: string;
  state: string;
  total: number;
  done: number;
}

let rollcall: RunningRollcall;
let receiver: Receiver;
let operations: Receiver;
let directory: ReadyDirectory;
let endpoint: { id: string; secret: string };
/** The body of every stored event by its `webhook-id`, as it came the first time. */
let originals: Map<string, string>;

beforeAll(async () => {
  rollcall = await startRollcall({ env: { WEBHOOK_RETRY_SCHEDULE: '1,1,1,2,2,5,5' } });
  [receiver, operations] = [await startReceiver(), await startReceiver()];
  directory = await createDirectory(rollcall);
  const { webhook_endpoint, secret } = await directory.api<{ webhook_endpoint: { id: string }; secret: string }>(
    'POST',
    '/webhook_endpoints',
    { url: receiver.url, ordering: 'fifo' },
  );
  endpoint = { id: webhook_endpoint.id, secret };
  await directory.api('POST', '/webhook_endpoints', { url: operations.url, event_types: ['replay.finished'] });
  await writeUsers(STORED);
  // The directory itself is number 1.
  const isLast = (request: ReceivedRequest) => request.json<{ sequence: number }>().sequence === STORED + 1;
  const stored = await receiver.waitFor((requests) => requests.some(isLast));
  originals = new Map(stored.map(({ headers, body }) => [String(headers['webhook-id']), body]));
});

afterAll(async () => {
  await rollcall?.stop();
  await Promise.all([receiver?.stop(), operations?.stop()]);
});

describe('a replay to a fifo endpoint, its worker killed in the middle', () => {
  let replay: Replay;
  let requests: readonly ReceivedRequest[];

  beforeAll(async () => {
    receiver.clear();
    receiver.answerWith({ status: 204, delayMs: 2 });
    replay = await startReplay();
    const live = writeUsers(LIVE);
    await receiver.waitFor((all) => all.filter(isReplayed).length >= BEFORE_KILL);
    await rollcall.kill9Only('worker');
    await live;
    requests = await receiver.waitFor((all) => idsOf(all.filter((request) => !isReplayed(request))).size >= LIVE);
  });

  it('sends every event of the range in order, and again only what was on the way', () => {
    const sequences = requests.filter(isReplayed).map((request) => request.json<{ sequence: number }>().sequence);
    const firsts = [...new Set(sequences)];
    expect(firsts).toEqual(Array.from({ length: STORED }, (_, index) => index + 2));
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(sequences.length - firsts.length).toBeLessThanOrEqual(1);
  });

  it('sends the original bytes under the same id, signed anew, with the name of the replay', () => {
    const webhook = new Webhook(endpoint.secret);
    for (const { headers, body } of requests.filter(isReplayed)) {
      expect(body).toBe(originals.get(String(headers['webhook-id'])));
      expect(headers['rollcall-replay']).toBe(replay.id);
      expect(() => webhook.verify(body, headers as Record<string, string>)).not.toThrow();
    }
  });

  it('lets the live events of the directory wait until it is over', () => {
    const firstLive = requests.findIndex((request) => !isReplayed(request));
    expect(requests.slice(0, firstLive).every(isReplayed)).toBe(true);
    expect(requests.slice(firstLive).some(isReplayed)).toBe(false);
    expect(idsOf(requests.slice(firstLive)).size).toBe(LIVE);
  });

  it('is finished, and its end is announced', async () => {
    const finished = await show(replay.id);
    expect(finished).toMatchObject({ state: 'finished', total: STORED, done: STORED, failed: 0 });
    const [told] = await operations.waitFor((all) => all.length >= 1);
    expect(told?.json()).toMatchObject({ type: 'replay.finished', data: finished });
  });
});

it('stops at a pause, while live events go; goes on when it is resumed; and ends when it is canceled', async () => {
  receiver.clear();
  receiver.answerWith({ status: 204, delayMs: 20 });
  const { id } = await startReplay();
  await receiver.waitFor((all) => all.length >= 5);
  await act(id, 'pause');
  expect((await show(id)).state).toBe('paused');
  await writeUsers(1);
  await receiver.waitFor((all) => all.some((request) => !isReplayed(request)));
  const atPause = receiver.requests.filter(isReplayed).length;
  expect(atPause).toBeLessThan(STORED);
  // The live event went alone: nothing of the replay was let out beside or after it.
  expect(receiver.requests.findLastIndex(isReplayed)).toBeLessThan(
    receiver.requests.findIndex((request) => !isReplayed(request)),
  );
  await waitUntil(async () => (await show(id)).done === atPause, { what: 'the last answer being recorded' });

  await act(id, 'resume');
  await receiver.waitFor((all) => all.filter(isReplayed).length >= atPause + 5);
  const canceled = await act(id, 'cancel');
  expect(canceled).toMatchObject({ state: 'canceled' });
  const { deliveries } = await directory.api<{ deliveries: { state: string }[] }>(
    'GET',
    `/webhook_endpoints/${endpoint.id}/deliveries?replay_id=${id}&state=pending`,
  );
  expect(deliveries).toEqual([]);
  receiver.clear();
  await writeUsers(1);
  await receiver.waitFor((all) => all.some((request) => !isReplayed(request)));
  // What was on the way at that moment may still have arrived.
  expect(receiver.requests.filter(isReplayed).length).toBeLessThanOrEqual(1);
});

describe('npm run rollcall -- replay', () => {
  const run = (...args: string[]) =>
    runLauncher(['rollcall', 'replay', '--endpoint', endpoint.id, ...args], { DATA_DIR: rollcall.dataDir });
  const range = () => ['--directory', directory.directoryId, '--from-sequence', '2', '--to-sequence', '31'];

  it('counts the events of a range and sends none', async () => {
    const { code, stdout } = await run(...range(), '--dry-run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It would send 30 events.\n' });
    const later = await run('--from-time', '2100-01-01T00:00:00Z', '--dry-run', '--json');
    expect(JSON.parse(later.stdout)).toMatchObject({ replay: { id: null, state: 'dry_run', total: 0 } });
  });

  it('sends them, and ends when all have arrived', async () => {
    receiver.clear();
    const { code, stdout, stderr } = await run(...range());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/is finished: of 30 events 30 were delivered, 0 failed\.\n$/);
    expect(idsOf(receiver.requests.filter(isReplayed)).size).toBe(30);
  });

  it('leaves them to the workers when it is told not to wait', async () => {
    receiver.clear();
    const { code, stdout } = await run(
      ...range(),
      '--type',
      'organization.directory.user_created',
      '--no-wait',
      '--json',
    );
    expect(code).toBe(0);
    const { replay } = JSON.parse(stdout) as { replay: Replay };
    expect(replay).toMatchObject({ state: 'running', total: 30 });
    await waitUntil(async () => (await show(replay.id)).state === 'finished', { what: 'the end of the replay' });
    expect(idsOf(receiver.requests.filter(isReplayed)).size).toBe(30);
  });

  it.each([
    [['--from-sequence', '2'], 'Sequences count within a directory'],
    [['--from-time', 'yesterday'], '--from-time must be a time such as'],
    [['--from-time', '2026-11-30T08:00:00Z', '--to-time', '2026-11-29T08:00:00Z'], 'must not be after'],
    [['--type', 'user_created'], 'There is no event type "user_created"'],
    [['--endpoint', 'whe_01arz3ndektsv4rrffq69g5fav'], 'There is no webhook endpoint'],
    [['--endpoint', 'org_1'], 'Name the endpoint'],
  ])('refuses %j in a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(sentence);
  });
});

function isReplayed({ headers }: ReceivedRequest): boolean {
  return headers['rollcall-replay'] !== undefined;
}

function idsOf(requests: readonly ReceivedRequest[]): Set<string> {
  return new Set(requests.map(({ headers }) => String(headers['webhook-id'])));
}

async function startReplay(): Promise<Replay> {
  const body = { directory_id: directory.directoryId, from_sequence: 2, to_sequence: STORED + 1 };
  const { replay } = await directory.api<{ replay: Replay }>('POST', `/webhook_endpoints/${endpoint.id}:replay`, body);
  expect(replay).toMatchObject({ state: 'running', total: STORED, done: 0 });
  return replay;
}

async function show(id: string): Promise<Replay> {
  const path = `/webhook_endpoints/${endpoint.id}/replays/${id}`;
  return (await directory.api<{ replay: Replay }>('GET', path)).replay;
}

async function act(id: string, action: 'pause' | 'resume' | 'cancel'): Promise<Replay> {
  const path = `/webhook_endpoints/${endpoint.id}/replays/${id}:${action}`;
  return (await directory.api<{ replay: Replay }>('POST', path)).replay;
}

/** Creates users one after another. */
async function writeUsers(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const body = buildOktaUser(n, { userName: `${randomUUID()}@acme.test`, externalId: randomUUID() });
    const response = await fetch(`${directory.scimUrl}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
  }
}
