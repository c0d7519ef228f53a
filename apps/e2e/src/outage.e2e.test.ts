import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import {
  beginUpload,
  buildOktaUser,
  type FaultProxy,
  freePort,
  newSecretKey,
  type Receiver,
  type RunningRollcall,
  startFaultProxy,
  startReceiver,
  startRedis,
  startRollcall,
  type TestRedis,
  waitUntil,
} from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, type ReadyDirectory } from './support/create-directory';
import { readAllEvents } from './support/read-all-events';
import { runLauncher } from './support/run-launcher';

const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A running server with one directory whose events go to a receiver. */
interface System {
  rollcall: RunningRollcall;
  directory: ReadyDirectory;
  receiver: Receiver;
}

/** Everything in one process tree, on its embedded database. */
let alone: System;
/** On a PostgreSQL and, where it is installed, a Redis of their own; the way to PostgreSQL can be cut. */
let spread: System;
let wayToPostgres: FaultProxy;
let postgres: EmbeddedPostgres;
const redis: TestRedis | null = await startRedis();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-outage-'));

beforeAll(async () => {
  chmodSync(folder, 0o711);
  [alone, spread] = await Promise.all([startSystem({}), startSpreadSystem()]);
});

afterAll(async () => {
  await Promise.all([alone, spread].map((system) => system?.rollcall.stop()));
  await Promise.all([alone?.receiver.stop(), spread?.receiver.stop(), redis?.stop(), wayToPostgres?.stop()]);
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startSystem(env: NodeJS.ProcessEnv): Promise<System> {
  const [rollcall, receiver] = await Promise.all([
    startRollcall({ env: { WEBHOOK_RETRY_SCHEDULE: '1,1,1,2,2,5,5', ...env } }),
    startReceiver(),
  ]);
  const directory = await createDirectory(rollcall);
  await directory.api('POST', '/webhook_endpoints', { url: receiver.url });
  return { rollcall, directory, receiver };
}

async function startSpreadSystem(): Promise<System> {
  postgres = await startEmbeddedPostgres({ dataDir: folder });
  wayToPostgres = await startFaultProxy({ targetPort: postgres.port });
  const url = new URL(postgres.appUrl);
  url.port = String(wayToPostgres.port);
  return startSystem({
    DATABASE_URL: url.href,
    DATABASE_OWNER_URL: postgres.ownerUrl,
    SECRET_KEY: newSecretKey(),
    ...(redis && { REDIS_URL: redis.url }),
  });
}

/** A SCIM answer as an identity provider sees it. */
interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function scim({ directory }: System, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${directory.scimUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Record<string, unknown> };
}

function newUser(): Record<string, unknown> {
  return buildOktaUser(1, { userName: `${randomUUID()}@acme.test`, externalId: randomUUID() });
}

/** Creates a user and waits until the receiver has its event. */
async function expectDelivery(system: System): Promise<void> {
  const { status, body } = await scim(system, 'POST', '/Users', newUser());
  expect(status).toBe(201);
  await receiveUser(system, String(body['id']));
}

async function receiveUser({ receiver }: System, id: string): Promise<void> {
  // What was claimed when its worker or the database died goes out again after its lease of 30 s.
  await receiver.waitFor((requests) => requests.some(({ body }) => body.includes(`diruser_${id}`)));
}

function expectUnavailable({ status, headers, body }: Answer): void {
  expect({ status, ...body }).toEqual({
    status: '503',
    schemas: [SCIM_ERROR],
    detail: 'The server cannot use its database right now. Try again in a few seconds.',
  });
  expect(status).toBe(503);
  expect(headers.get('content-type')).toContain('application/scim+json');
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
}

async function readiness({ rollcall }: System): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${rollcall.baseUrl}/readyz`);
  return { status: response.status, body: await response.json() };
}

async function becomesReady(system: System): Promise<void> {
  const isReady = async () => (await readiness(system).catch(() => null))?.status === 200;
  await waitUntil(isReady, { what: 'the server becoming ready again' });
}

async function pidOf({ rollcall }: System, name: 'worker' | 'postgres' | 'ingress'): Promise<number | undefined> {
  return (await rollcall.processes()).find((found) => found.name === name)?.pid;
}

describe('two systems on different data directories', () => {
  it('run side by side and know nothing of each other', async () => {
    const [mine, theirs] = await Promise.all([alone.rollcall.processes(), spread.rollcall.processes()]);
    expect(mine.map(({ name }) => name).toSorted()).toEqual(['ingress', 'postgres', 'supervisor', 'worker']);
    expect(theirs.map(({ name }) => name).toSorted()).toEqual(['ingress', 'supervisor', 'worker']);
    expect(new Set([...mine, ...theirs].map(({ pid }) => pid)).size).toBe(7);
    await Promise.all([expectDelivery(alone), expectDelivery(spread)]);
    const crossed: System = { ...alone, directory: { ...alone.directory, token: spread.directory.token } };
    expect((await scim(crossed, 'GET', '/Users')).status).toBe(401);
    const token = await spread.rollcall.accessToken();
    const foreign = await fetch(`${alone.rollcall.baseUrl}/api/v1/organizations`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(foreign.status).toBe(401);
    expect((await scim(alone, 'GET', '/Users')).body['totalResults']).toBe(1);
  });
});

describe('kill -9 of the database', () => {
  it('costs some 503 answers and nothing acknowledged, and is repaired by itself', async () => {
    const before = await pidOf(alone, 'postgres');
    const traffic = await startTraffic(alone);
    await waitUntil(() => traffic.written.length > 10);
    await alone.rollcall.kill9Only('postgres');
    await waitUntil(() => traffic.refused.length > 0, { what: 'an answer without a database' });
    const kept = traffic.written.length;
    await waitUntil(() => traffic.written.length > kept + 10, { what: 'writes being taken again' });
    await traffic.end();

    expect(traffic.unanswered).toEqual([]);
    for (const answer of traffic.refused) expectUnavailable(answer);
    for (const { status, body } of traffic.refusedByApi) {
      expect([status, body]).toEqual([
        503,
        {
          error: {
            code: 'unavailable',
            message: expect.any(String),
            request_id: expect.any(String),
            documentation_url: expect.stringMatching(/\/docs\/errors#unavailable$/),
          },
        },
      ]);
    }
    await becomesReady(alone);
    expect(await pidOf(alone, 'postgres')).not.toBe(before);
    const { written } = traffic;
    for (const id of written) expect((await scim(alone, 'GET', `/Users/${id}`)).status).toBe(200);
    await waitUntil(async () => {
      const events = await readAllEvents(alone.directory);
      const seen = new Set(events.map(({ resourceId }) => resourceId));
      return written.every((id) => seen.has(`diruser_${id}`));
    });
    await receiveUser(alone, written.at(-1)!);
  });
});

/** Writes through SCIM and the management API, several at a time, until `end`. */
async function startTraffic(system: System) {
  const { baseUrl } = system.rollcall;
  const authorization = `Bearer ${await system.rollcall.accessToken()}`;
  const ending = new AbortController();
  const written: string[] = [];
  const refused: Answer[] = [];
  const refusedByApi: Answer[] = [];
  const unanswered: unknown[] = [];
  const repeat = async (write: () => Promise<unknown>) => {
    while (!ending.signal.aborted) await write().catch((error: unknown) => unanswered.push(error));
  };
  const createUser = async () => {
    const answer = await scim(system, 'POST', '/Users', newUser());
    if (answer.status === 201) written.push(String(answer.body['id']));
    else refused.push(answer);
  };
  const createOrganization = async () => {
    const response = await fetch(`${baseUrl}/api/v1/organizations`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ display_name: 'Traffic' }),
    });
    const { status, headers } = response;
    const body = (await response.json()) as Answer['body'];
    if (status !== 201) refusedByApi.push({ status, headers, body });
  };
  const writers = [createUser, createUser, createUser, createOrganization].map(repeat);
  const end = async () => {
    ending.abort();
    await Promise.all(writers);
  };
  return { written, refused, refusedByApi, unanswered, end };
}

describe('while PostgreSQL cannot be reached', () => {
  let accessToken: string;

  beforeAll(async () => {
    accessToken = await spread.rollcall.accessToken();
    await wayToPostgres.setFault({ kind: 'refuse' });
    await waitUntil(async () => (await readiness(spread)).status === 503);
    return async () => {
      await wayToPostgres.setFault({ kind: 'pass' });
      await becomesReady(spread);
    };
  });

  it.each([
    ['GET', '/Users?startIndex=1&count=2', undefined],
    ['GET', `/Users/${'0'.repeat(26)}`, undefined],
    ['POST', '/Users', newUser()],
    ['PATCH', `/Groups/${'0'.repeat(26)}`, { Operations: [{ op: 'replace', value: { displayName: 'x' } }] }],
    ['POST', '/Bulk', { Operations: [] }],
  ])('SCIM answers %s %s with a SCIM 503 that says when to come again', async (method, path, body) => {
    expectUnavailable(await scim(spread, method, path, body));
  });

  it('/readyz is 503 and names the database, /healthz still 200', async () => {
    expect(await readiness(spread)).toMatchObject({ status: 503, body: { failing: 'database' } });
    expect((await fetch(`${spread.rollcall.baseUrl}/healthz`)).status).toBe(200);
  });

  it('the management API, the token endpoint and the portal’s API answer 503 in their own formats', async () => {
    const { baseUrl, bootstrap } = spread.rollcall;
    const answers = await Promise.all([
      fetch(`${baseUrl}/api/v1/organizations`, { headers: { authorization: `Bearer ${accessToken}` } }),
      fetch(`${baseUrl}/portal/api/session`, { headers: { cookie: `rollcall_portal=${'a'.repeat(43)}` } }),
      fetch(`${baseUrl}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: bootstrap.client_id,
          client_secret: bootstrap.client_secret,
        }),
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    const [api, portal, oauth] = await Promise.all(answers.map((answer) => answer.json()));
    const error = {
      code: 'unavailable',
      message: expect.stringContaining('Try again'),
      request_id: expect.any(String),
      documentation_url: expect.stringMatching(/\/docs\/errors#unavailable$/),
    };
    expect(api).toEqual({ error });
    expect(portal).toEqual({ error });
    expect(oauth).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
    for (const { headers } of answers) expect(headers.get('retry-after')).toMatch(/^\d+$/);
  });
});

describe('once PostgreSQL can be reached again', () => {
  it('everything goes on by itself, in the same processes', async () => {
    const before = await spread.rollcall.processes();
    expect(before).toHaveLength(3);
    await wayToPostgres.setFault({ kind: 'refuse' });
    await waitUntil(async () => (await readiness(spread)).status === 503);
    await wayToPostgres.setFault({ kind: 'pass' });
    await becomesReady(spread);
    await expectDelivery(spread);
    expect(await spread.rollcall.processes()).toEqual(before);
  });

  it('the data directory has its owner again: a second start refuses with one sentence', async () => {
    const { dataDir } = spread.rollcall;
    // Another key, so that the second start cannot come to serve before the first one has its lock again.
    const env = { DATA_DIR: dataDir, DATABASE_URL: postgres.appUrl, SECRET_KEY: newSecretKey() };
    const refusal = await waitUntil(async () => {
      const run = await runLauncher(['start'], { ...env, PORT: String(await freePort()) });
      return run.stderr.startsWith('SECRET_KEY') ? null : run;
    });
    expect(refusal).toEqual({
      code: 1,
      stdout: '',
      stderr: `Another Rollcall is running on ${dataDir}: stop it or choose another DATA_DIR.\n`,
    });
    expect((await readiness(spread)).status).toBe(200);
  });
});

describe('kill -9 of the worker', () => {
  it('is repaired by itself, and what was written meanwhile is delivered', async () => {
    const before = await pidOf(alone, 'worker');
    await alone.rollcall.kill9Only('worker');
    await expectDelivery(alone);
    const after = await pidOf(alone, 'worker');
    expect(after).toBeTypeOf('number');
    expect(after).not.toBe(before);
  });
});

describe.runIf(redis)('while Redis is away', () => {
  const server = redis as TestRedis;

  it('SCIM keeps answering, /readyz is 200 and names the queue, and events are still delivered', async () => {
    await server.kill9();
    await waitUntil(async () => JSON.stringify((await readiness(spread)).body).includes('queue'));
    expect(await readiness(spread)).toEqual({ status: 200, body: { status: 'ok', degraded: ['queue'] } });
    await expectDelivery(spread);
    expect((await scim(spread, 'GET', '/Users?count=1')).status).toBe(200);
  });

  it('everything is as before once it is back, though every job is lost', async () => {
    await server.start();
    await waitUntil(async () => !JSON.stringify((await readiness(spread)).body).includes('queue'));
    expect(await readiness(spread)).toEqual({ status: 200, body: { status: 'ok', degraded: [] } });
    await server.flushAll();
    await expectDelivery(spread);
  });
});

it.runIf(!redis)('the loss of Redis was NOT tested: redis-server is not installed', () => {
  expect(process.env.CI, 'redis-server has to be installed where CI=true').not.toBe('true');
});

describe('SIGTERM', () => {
  it.each([
    ['everything in one process tree', () => alone],
    ['PostgreSQL and Redis of their own', () => spread],
  ])('lets a request under way finish, takes no new one, and exits 0: %s', async (_name, system) => {
    const { rollcall } = system();
    const { scimUrl, token } = system().directory;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
    const upload = await beginUpload(`${scimUrl}/Users`, { headers, body: newUser() });
    const stopped = rollcall.stop();
    await waitUntil(async () => !(await connects(rollcall.baseUrl)), { what: 'the port being closed' });
    process.kill(rollcall.pid, 'SIGTERM');
    upload.finish();
    expect(await upload.answer).toMatchObject({ status: 201, body: expect.stringContaining('"id"') });
    expect(await stopped).toBe(0);
    expect(await rollcall.processes()).toEqual([]);
  });
});

/** Whether a new connection is taken; an answer of any kind counts. */
async function connects(baseUrl: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(`${baseUrl}/healthz`, { agent: false }, (response) => {
      response.resume();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
    probe.end();
  });
}
