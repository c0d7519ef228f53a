import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ScalekitClient } from '@scalekit-sdk/node';
import type { ScalekitServerException } from '@scalekit-sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import { createLogger, issueToken, newId, newOpaqueToken, readConfig } from '@rollcall/platform';
import { createTestDatabase, newSecretKey, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createEnvironment, migrateDatabase } from '@rollcall/database';
import { startIngress } from '../start-ingress';
import type { RunningIngress } from '../start-ingress';
import { connectApi } from '../management/testing/api-client';
import { scimClient } from '../testing/scim-client';
import type { ScimClient } from '../testing/scim-client';
import { runAsAdmin, seedDirectory } from '../testing/seed-directory';
import type { SeededDirectory } from '../testing/seed-directory';
import { startTestIngress } from '../testing/start-test-ingress';
import type { TestIngress } from '../testing/start-test-ingress';

/** The lowest that can be set: 400 requests that arrive at once are over it. */
const LIMITS = {
  LIMIT_REQUESTS_PER_SECOND: '50',
  LIMIT_ROWS_PER_MINUTE: '100000',
  LIMIT_SEARCH_SECONDS_PER_MINUTE: '5',
  LIMIT_API_REQUESTS_PER_SECOND: '10',
  LIMIT_ADDRESS_REQUESTS_PER_SECOND: '10',
  LIMIT_BURST_SECONDS: '1',
};

let database: TestDatabase;
/** Two processes of one installation. */
let ingress: TestIngress;
let second: RunningIngress;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  const env = { ...LIMITS, PORT: '0', SECRET_KEY: newSecretKey() };
  ingress = await startTestIngress(database, { env });
  const logger = createLogger('test', { level: 'fatal' });
  const config = readConfig({ ...env, DATABASE_URL: database.appUrl });
  second = await startIngress(config, { logger, portalFolder: '/nonexistent' });
});

afterAll(async () => {
  await Promise.all([ingress.stop(), second.stop()]);
  await database.drop();
});

/** A new directory, as the clients of both processes reach it. */
async function newDirectory(): Promise<SeededDirectory & { clients: [ScimClient, ScimClient] }> {
  const directory = await seedDirectory(database.adminUrl, ingress);
  const scimUrl = directory.scimUrl.replace(ingress.baseUrl, `http://127.0.0.1:${second.port}`);
  return {
    ...directory,
    clients: [scimClient(directory), scimClient({ ...directory, scimUrl })],
  };
}

/** The answers to many requests that arrive as one, so that it does not matter how fast this machine sends them. */
async function readAtOnce({ scimUrl, token }: SeededDirectory, count: number): Promise<string[]> {
  const { hostname, port, pathname } = new URL(`${scimUrl}/Users`);
  const head = `GET ${pathname}?count=1 HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n`;
  const socket = connect(Number(port), hostname);
  socket.write(`${`${head}\r\n`.repeat(count - 1)}${head}connection: close\r\n\r\n`);
  return (await text(socket)).split(/(?=HTTP\/1\.1 \d{3} )/);
}

/** How many requests of a directory, by status, the log has an entry of, and how many it says it has none of. */
async function readLog({ directoryId }: SeededDirectory): Promise<{ status: number; rows: number; missed: number }[]> {
  return runAsAdmin(database.adminUrl, [
    [
      `SELECT status, count(*)::int AS rows, sum(not_recorded)::int AS missed FROM scim_requests WHERE directory_id = $1
       GROUP BY status ORDER BY status`,
      [directoryId],
    ],
  ]);
}

async function sumOfLog(directory: SeededDirectory): Promise<number> {
  return (await readLog(directory)).reduce((sum, { rows, missed }) => sum + rows + missed, 0);
}

/** A group whose members nobody knows: they are as much work as others. */
const large = (members: number) => ({
  displayName: newId(),
  members: Array.from({ length: members }, () => ({ value: newId() })),
});

async function createUsers(client: ScimClient, count: number): Promise<void> {
  const Operations = Array.from({ length: count }, () => ({
    method: 'POST',
    path: '/Users',
    data: { userName: newId() },
  }));
  const { status } = await client('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: Operations.map((operation, n) => ({ ...operation, bulkId: `b${n}` })),
  });
  expect(status).toBe(200);
}

describe('a directory that asks for more than its limit', () => {
  it('is answered 429 with a whole number of seconds, and another directory is not', async () => {
    const [busy, quiet] = [await newDirectory(), await newDirectory()];
    const wave = await readAtOnce(busy, 400);
    expect(wave).toHaveLength(400);
    const refused = wave.filter((answer) => answer.startsWith('HTTP/1.1 429 '));
    expect(wave.filter((answer) => answer.startsWith('HTTP/1.1 200 ')).length).toBeGreaterThanOrEqual(50);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(answer).toMatch(/^retry-after: [1-9]\d*\r$/im);
      expect(answer).toMatch(/^content-type: application\/scim\+json\r$/im);
      expect(answer).toMatch(/"status":"429"/);
      expect(answer).toMatch(/Too many requests of this directory/);
    }
    expect((await quiet.clients[0]('GET', '/Users?count=1')).status).toBe(200);
  });

  it('has what is over its limit in the log once, and there how many more', async () => {
    const directory = await newDirectory();
    const answers = await readAtOnce(directory, 400);
    const refused = answers.filter((answer) => answer.includes(' 429 ')).length;
    expect(refused).toBeGreaterThan(100);
    await waitUntil(async () => (await directory.clients[0]('GET', '/Users?count=1')).status === 200);
    await waitUntil(async () => (await sumOfLog(directory)) > 400);
    const log = await readLog(directory);
    expect(log.find(({ status }) => status === 429)?.rows).toBe(1);
    expect(log.reduce((sum, { missed }) => sum + missed, 0)).toBeGreaterThanOrEqual(refused - 1);
  });

  it('pays for the members that it writes, in every process, and reads on meanwhile', async () => {
    const { clients } = await newDirectory();
    // One change of the largest size goes through; what it costs must flow in before the next.
    expect((await clients[0]('POST', '/Groups', large(30_000))).status).toBe(201);
    const refused = await clients[0]('POST', '/Users', { userName: newId() });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
    expect((await clients[0]('GET', '/Users')).status).toBe(200);
    const other = async () => (await clients[1]('POST', '/Users', { userName: newId() })).status;
    await waitUntil(async () => (await other()) === 429, { what: 'the other process knowing of it' });
  });

  it('pays for searches that look into every resource, and gets its lists, its look-ups and its writes meanwhile', async () => {
    const [busy, other] = [await newDirectory(), await newDirectory()];
    await createUsers(busy.clients[0], 40);
    const terms = Array.from({ length: 30 }, (_, n) => `emails.value co "${n}@"`).join(' or ');
    const dear = `/Users?${new URLSearchParams({ filter: terms }).toString()}`;
    let refused = await busy.clients[0]('GET', dear);
    for (let n = 0; n < 30 && refused.status === 200; n++) refused = await busy.clients[0]('GET', dear);
    expect(refused).toMatchObject({ status: 429, json: { status: '429', detail: expect.stringMatching(/searches/) } });
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    for (const path of ['/Users?count=40', '/Users?filter=userName%20eq%20%22nobody%22']) {
      expect((await busy.clients[0]('GET', path)).status).toBe(200);
    }
    expect((await busy.clients[0]('POST', '/Users', { userName: newId() })).status).toBe(201);
    expect((await other.clients[0]('GET', dear)).status).toBe(200);
  });

  it('may ask for what its environment was given', async () => {
    const { directoryId, clients } = await newDirectory();
    await runAsAdmin(database.adminUrl, [
      [
        `UPDATE environments SET limits = '{"rows_per_minute": 60000000}'
         WHERE id = (SELECT environment_id FROM directories WHERE id = $1)`,
        [directoryId],
      ],
    ]);
    expect((await clients[0]('POST', '/Groups', large(1_000))).status).toBe(201);
    // More than a second of the process's own limit; the limit of the environment is read in the background.
    const create = async () => (await clients[0]('POST', '/Groups', large(10_000))).status;
    const isRaised = async () => (await create()) === 201 && (await create()) === 201;
    await waitUntil(isRaised, { what: 'the limit of the environment' });
  });
});

it('holds an environment to its limit on the API in the form of the API', async () => {
  const api = await connectApi(ingress.baseUrl, ingress.credentials);
  const answers = await Promise.all(Array.from({ length: 60 }, () => api.call('GET', '/organizations')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body } of refused) expect(body).toMatchObject({ error: { code: 'rate_limited' } });
});

describe('an address that makes credentials up', () => {
  it('is answered 429 before they are looked up, and holds up no token that was right before', async () => {
    const [known, unknown] = [await newDirectory(), await newDirectory()];
    expect((await known.clients[0]('GET', '/Users')).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        fetch(`${ingress.baseUrl}/scim/${known.directoryId}/v2/Users`, {
          headers: { authorization: `Bearer ${issueToken(newId())}` },
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    // Those beyond are what flowed in meanwhile.
    expect(refused.length).toBeGreaterThan(50);
    expect(await refused[0]?.json()).toMatchObject({ detail: expect.stringMatching(/from this address/) });
    expect((await known.clients[0]('GET', '/Users')).status).toBe(200);
    await waitUntil(async () => (await unknown.clients[0]('GET', '/Users')).status === 200);
  });

  it('is answered so for the address of a directory at another service', async () => {
    const scimUrl = `${ingress.baseUrl}/directory/dir_123/scim/v2`;
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => scimClient({ scimUrl, token: issueToken(newId()) })('GET', '/Users')),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(50);
    const { clients } = await newDirectory();
    await waitUntil(async () => (await clients[0]('GET', '/Users')).status === 200);
  });
});

it('lets 50 requests through again and again, a second after all processes know of those before', async () => {
  const { clients } = await newDirectory();
  for (let wave = 0; wave < 3; wave++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => clients[0]('GET', '/Users?count=1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // All processes have to hear of them first, which they do four times a second.
    await sleep(1_050 + 1_000);
  }
});

it('holds calls of gRPC to the rate of their environment as it does requests', async () => {
  const own = await createEnvironment({ ownerUrl: database.ownerUrl, keys: ingress.keys, name: 'gRPC' });
  const scalekit = new ScalekitClient(ingress.baseUrl, own.client_id, own.client_secret);
  expect((await scalekit.role.listRoles()).roles).toEqual([]);
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'answered',
      (error: ScalekitServerException) => error.errorCode,
    );
  const codes = await Promise.all(Array.from({ length: 200 }, () => codeOf(scalekit.role.listRoles())));
  expect(new Set(codes)).toEqual(new Set(['answered', 'rate_limited']));
});

// From here on the address has used up what the others would need.
it('an address that makes links of hand-overs up is answered 429 before they are looked up, also when it asks at once', async () => {
  const ask = async () => {
    const headers = { [HAND_OVER_HEADER]: newOpaqueToken() };
    return (await fetch(`${ingress.baseUrl}/portal/api/hand_over`, { headers })).status;
  };
  const statuses = await Promise.all(Array.from({ length: 200 }, ask));
  expect(new Set(statuses)).toEqual(new Set([404, 429]));
  // Those beyond are what flowed in meanwhile.
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(50);
});

it('an address without a credential gets on at its rate though it goes on asking too often', async () => {
  const ask = async () => (await fetch(`${ingress.baseUrl}/portal/api/session`)).status;
  const askAtOnce = (count: number) => Promise.all(Array.from({ length: count }, ask));
  expect(await askAtOnce(200)).toContain(429);
  for (let answered = 0; answered < 3; answered++) {
    await waitUntil(async () => (await askAtOnce(10)).includes(401), { what: 'an answer other than 429' });
  }
});
