import { createTestDatabase, newSecretKey, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { accessTokenKeys, createLogger, issueAccessToken, readConfig } from '@rollcall/platform';
import { startIngress } from '../../start-ingress';
import type { RunningIngress } from '../../start-ingress';
import { runAsAdmin } from '../../testing/seed-directory';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { ApiClientAnswer, ApiClientList, ApiClientSecretAnswer } from './api-client.dto';

const SECRET_KEY = newSecretKey();
const PUBLIC_URL = 'https://directory.example.com';

let test: TestApi;
/** A second process on the same database: what it has seen before must not matter. */
let beside: RunningIngress;

beforeAll(async () => {
  const env = { SECRET_KEY, PUBLIC_URL };
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), env);
  beside = await startIngress(readConfig({ PORT: '0', DATABASE_URL: test.database.appUrl, ...env }), {
    logger: createLogger('test', { level: 'fatal' }),
    portalFolder: '/nonexistent',
  });
});

afterAll(async () => {
  await beside.stop();
  await test.stop();
});

const baseUrls = () => [test.ingress.baseUrl, `http://127.0.0.1:${beside.port}`];

async function askToken(client_id: string, client_secret: string): Promise<Response> {
  return fetch(`${test.ingress.baseUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }),
  });
}

/** Everything that a client can call with. */
interface Given extends ApiClientSecretAnswer {
  token: string;
}

async function withToken({ api_client, client_secret, api_key }: ApiClientSecretAnswer): Promise<Given> {
  const answer = await askToken(api_client.client_id, client_secret);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { api_client, client_secret, api_key, token };
}

/** What each process answers to a credential. */
async function statuses(credential: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${credential}` };
  return Promise.all(baseUrls().map(async (url) => (await fetch(`${url}/api/v1/roles`, { headers })).status));
}

/** Whether everything that a client was given works in every process, or nothing of it in any. */
async function expectAll(given: Given, works: boolean): Promise<void> {
  const status = works ? 200 : 401;
  expect([await statuses(given.token), await statuses(given.api_key)]).toEqual([
    [status, status],
    [status, status],
  ]);
  expect((await askToken(given.api_client.client_id, given.client_secret)).status).toBe(status);
}

async function create(body: { name?: string; scopes?: string[]; organization_id?: string } = {}): Promise<Given> {
  const created = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', {
    name: 'Billing',
    scopes: ['read', 'write'],
    ...body,
  });
  return withToken(created.body);
}

const pathOf = ({ api_client }: ApiClientAnswer) => `/api_clients/${api_client.client_id}`;

async function rotate(client: ApiClientAnswer, body?: { overlap_seconds: number }) {
  const rotated = await test.api.call<ApiClientSecretAnswer>('POST', `${pathOf(client)}/secret:rotate`, body);
  expect(rotated.status).toBe(200);
  return withToken(rotated.body);
}

describe('an API client', () => {
  it('is answered with its secrets once, and listed without', async () => {
    const organization_id = await test.newOrganization();
    const body = { name: 'Acme’s portal', scopes: ['write', 'read', 'read'], organization_id };
    const { status, body: created } = await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', body);
    const { client_id } = created.api_client;
    expect([status, created]).toEqual([
      201,
      {
        api_client: {
          client_id: expect.stringMatching(/^clt_[0-9a-z]{26}$/),
          name: 'Acme’s portal',
          scopes: ['read', 'write'],
          organization_id,
          create_time: expect.stringMatching(/Z$/),
          last_used_time: null,
        },
        client_secret: expect.stringMatching(/^rcs_[0-9a-z]{26}_[0-9a-z]{32}_[0-9a-z]{6}$/),
        api_key: expect.stringMatching(/^sk_[0-9a-z]{26}_[0-9a-z]{32}_[0-9a-z]{6}$/),
      },
    ]);
    const { body: list } = await test.api.call<ApiClientList>('GET', '/api_clients?page_size=100');
    expect(list.api_clients.find((client) => client.client_id === client_id)).toEqual(created.api_client);
    const stored = await runAsAdmin(test.database.adminUrl, [
      ['SELECT c, s FROM api_clients c, api_client_secrets s', []],
    ]);
    expect(JSON.stringify(stored)).not.toContain(created.client_secret.slice(31));
    expect(JSON.stringify(stored)).not.toContain(created.api_key.slice(30));
  });

  it('calls with an access token or with its API key alone, and is seen to do so', async () => {
    const client = await create();
    await expectAll(client, true);
    const isSeen = async () => {
      const { body } = await test.api.call<ApiClientList>('GET', '/api_clients?page_size=100');
      return body.api_clients.some(
        (one) => one.client_id === client.api_client.client_id && one.last_used_time !== null,
      );
    };
    await waitUntil(isSeen, { what: 'the use being noted' });
  });

  it('does not call with a changed key, another’s random part, or its secret as a key', async () => {
    const [one, two] = [await create(), await create()];
    const flipped = one.api_key.slice(0, -8) + (one.api_key.at(-8) === 'a' ? 'b' : 'a') + one.api_key.slice(-7);
    const [, id] = one.api_key.split('_');
    const mixed = two.api_key.replace(/_[^_]+/, `_${id}`);
    for (const credential of [
      flipped,
      mixed,
      one.client_secret,
      one.client_secret.replace('rcs_', 'sk_'),
      'sk_',
      'sk_x',
    ]) {
      expect([credential, await statuses(credential)]).toEqual([credential, [401, 401]]);
    }
    expect((await askToken(one.api_client.client_id, two.client_secret)).status).toBe(401);
    expect((await askToken(one.api_client.client_id, one.api_key)).status).toBe(401);
  });

  it('is for an organization that is there', async () => {
    const organization_id = 'org_01kag3v2q9x8w7n6m5k4j3h2g1';
    const body = { name: 'X', scopes: ['read'], organization_id };
    const { status, body: answer } = await test.api.call<ErrorBody>('POST', '/api_clients', body);
    expect([status, answer.error.code]).toEqual([404, 'organization_not_found']);
  });

  it('needs a scope', async () => {
    for (const scopes of [[], ['admin'], 'read', undefined]) {
      expect((await test.api.call('POST', '/api_clients', { name: 'X', scopes })).status).toBe(400);
    }
  });

  it('may no longer write from the answer on that takes the scope away, in any process', async () => {
    const client = await create();
    const patch = { name: 'Reports', scopes: ['read'] };
    const { status, body } = await test.api.call<ApiClientAnswer>('PATCH', pathOf(client), patch);
    expect([status, body.api_client]).toMatchObject([200, patch]);
    for (const url of baseUrls()) {
      for (const credential of [client.token, client.api_key]) {
        const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
        const answer = await fetch(`${url}/api/v1/roles`, { method: 'POST', headers, body: '{"role_name":"x"}' });
        expect(answer.status).toBe(403);
      }
    }
    expect((await test.api.call<ApiClientAnswer>('PATCH', pathOf(client), {})).body.api_client).toMatchObject(patch);
  });

  it('is stopped by a limit of a hundred', async () => {
    await runAsAdmin(test.database.adminUrl, [
      [
        `INSERT INTO api_clients (environment_id, id, client_id)
         SELECT environment_id, 'filler' || n, 'filler' || n FROM api_clients, generate_series(1, 100) n WHERE client_id = $1`,
        [test.ingress.credentials.client_id],
      ],
    ]);
    const { status, body } = await test.api.call<ErrorBody>('POST', '/api_clients', { name: 'X', scopes: ['read'] });
    await runAsAdmin(test.database.adminUrl, [[`DELETE FROM api_clients WHERE id LIKE 'filler%'`, []]]);
    expect([status, body.error.code]).toEqual([422, 'too_many_api_clients']);
  });
});

describe('revoking an API client', () => {
  it('ends its secret, its key and its access tokens in every process from the answer on', async () => {
    const client = await create();
    await expectAll(client, true);
    expect((await test.api.call('DELETE', pathOf(client))).status).toBe(204);
    await expectAll(client, false);
  });

  it('leaves nothing to list, change, rotate or revoke', async () => {
    const client = await create();
    await test.api.call('DELETE', pathOf(client));
    const { body } = await test.api.call<ApiClientList>('GET', '/api_clients?page_size=100');
    expect(body.api_clients.map(({ client_id }) => client_id)).not.toContain(client.api_client.client_id);
    const calls = [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/secret:rotate'],
    ] as const;
    for (const [method, action] of calls) {
      expect((await test.api.call(method, `${pathOf(client)}${action}`)).status).toBe(404);
    }
    const stored = await runAsAdmin(test.database.adminUrl, [
      [
        `SELECT 1 FROM api_clients c, api_client_secrets s WHERE $1 IN (c.client_id, 'clt_' || s.id)`,
        [client.api_client.client_id],
      ],
    ]);
    expect(stored).toEqual([]);
  });
});

describe('rotating the secret of an API client', () => {
  it('lets everything of before go on for the overlap, and end with it', async () => {
    const before = await create();
    const after = await rotate(before, { overlap_seconds: 600 });
    await expectAll(before, true);
    await expectAll(after, true);
    await runAsAdmin(test.database.adminUrl, [
      ['UPDATE api_client_secrets SET expire_time = now() WHERE expire_time IS NOT NULL', []],
    ]);
    await expectAll(before, false);
    await expectAll(after, true);
  });

  it('ends everything of before at once unless told otherwise', async () => {
    const before = await create();
    const after = await rotate(before);
    await expectAll(before, false);
    await expectAll(after, true);
  });

  it('lets nothing go on longer than it would have', async () => {
    const first = await create();
    const second = await rotate(first, { overlap_seconds: 0 });
    const third = await rotate(second, { overlap_seconds: 600 });
    await rotate(third, { overlap_seconds: 0 });
    await expectAll(second, false);
    await expectAll(third, false);
  });

  it('refuses a fourth live secret, and ends all others with an overlap of 0', async () => {
    const client = await create();
    for (let i = 0; i < 2; i += 1) await rotate(client, { overlap_seconds: 600 });
    const path = `${pathOf(client)}/secret:rotate`;
    const { status, body } = await test.api.call<ErrorBody>('POST', path, { overlap_seconds: 600 });
    expect([status, body.error.code]).toEqual([422, 'too_many_live_secrets']);
    await expectAll(client, true);
    const last = await rotate(client, { overlap_seconds: 0 });
    await expectAll(client, false);
    await expectAll(last, true);
  });
});

it('tells the audit log who was made, changed, rotated and revoked, and nothing secret', async () => {
  const client = await create({ name: 'Audited' });
  const rotated = await rotate(client, { overlap_seconds: 60 });
  await test.api.call('PATCH', pathOf(client), { scopes: ['read'] });
  await test.api.call('PATCH', pathOf(client), { scopes: ['read'] });
  await test.api.call('DELETE', pathOf(client));
  const entries = await runAsAdmin<{ action: string; changes: unknown }>(test.database.adminUrl, [
    [
      `SELECT action, changes FROM audit_log WHERE target_id = $1 AND action ^@ 'api_client.' ORDER BY id`,
      [client.api_client.client_id],
    ],
  ]);
  expect(entries).toMatchObject([
    { action: 'api_client.created', changes: { name: { to: 'Audited' } } },
    { action: 'api_client.rotated', changes: { overlap_seconds: { to: 60 } } },
    { action: 'api_client.updated', changes: { scopes: { from: ['read', 'write'], to: ['read'] } } },
    { action: 'api_client.revoked' },
  ]);
  const text = JSON.stringify([entries, test.ingress.logLines()]);
  for (const { client_secret, api_key, token } of [client, rotated]) {
    for (const secret of [client_secret, api_key, token]) expect(text).not.toContain(secret.slice(-20));
  }
});

// Last, because the suite's own client ends here.
it('lets an access token of a version that named no secret go on until the first secret of its client ends', async () => {
  const { client_id: clientId, environment_id: environmentId } = test.ingress.credentials;
  const keys = accessTokenKeys({ secretKey: Buffer.from(SECRET_KEY, 'base64') });
  const claims = { clientId, environmentId: environmentId.slice(4) } as Parameters<typeof issueAccessToken>[0];
  const token = await issueAccessToken(claims, { keys, issuer: PUBLIC_URL });
  expect(await statuses(token)).toEqual([200, 200]);
  expect((await test.api.call('POST', `/api_clients/${clientId}/secret:rotate`)).status).toBe(200);
  expect(await statuses(token)).toEqual([401, 401]);
});
