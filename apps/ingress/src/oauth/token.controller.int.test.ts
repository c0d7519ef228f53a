import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTokenKeys } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { createEnvironment, migrateDatabase } from '@rollcall/database';
import { connectApi } from '../management/testing/api-client';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

const post = (body: string | URLSearchParams, headers: Record<string, string> = {}) =>
  fetch(`${test.ingress.baseUrl}/oauth/token`, { method: 'POST', body, headers });

const form = (overrides: Record<string, string> = {}) => {
  const { client_id, client_secret } = test.ingress.credentials;
  return new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, ...overrides });
};

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const GRANT = new URLSearchParams({ grant_type: 'client_credentials' });

describe('POST /oauth/token', () => {
  it('gives an access token for credentials in the form, never cached', async () => {
    const answer = await post(form());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await answer.json()).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 });
  });

  it('gives one for HTTP Basic, form-encoded or as it is', async () => {
    const { client_id, client_secret } = test.ingress.credentials;
    const plain = await post(GRANT, basic(client_id, client_secret));
    expect(plain.status).toBe(200);
    expect(plain.headers.get('www-authenticate')).toBeNull();
    const encoded = basic(client_id.replace('_', '%5F'), client_secret.replaceAll('_', '%5F'));
    expect((await post(GRANT, encoded)).status).toBe(200);
  });

  it('gives one that the release before takes too, beside which this one may run', async () => {
    const { secrets } = accessTokenKeys(test.ingress.keys);
    const { payload } = await jwtVerify(test.api.accessToken, secrets[0], { algorithms: ['HS256'], typ: 'at+jwt' });
    expect(payload).toMatchObject({ client_id: test.ingress.credentials.client_id });
    expect((await test.api.call('GET', '/organizations')).status).toBe(200);
  });

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['an unknown client', { client_id: 'clt_nobody' }],
    ['no secret', { client_secret: '' }],
    ['a NUL in the id', { client_id: 'a\0b' }],
  ])('refuses %s with 401 invalid_client', async (_, overrides) => {
    const answer = await post(form(overrides));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ error: 'invalid_client', error_description: expect.any(String) });
  });

  it('challenges whoever failed with HTTP Basic', async () => {
    const answer = await post(GRANT, basic('clt_nobody', 'x'));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect((await post(GRANT, { authorization: 'Basic !!' })).status).toBe(401);
  });

  it.each([
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no grant type', { grant_type: '' }, 'invalid_request'],
  ])('refuses %s with 400', async (_, overrides, error) => {
    const answer = await post(form(overrides));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error });
  });

  it('refuses a repeated parameter, two ways to authenticate and JSON with 400 invalid_request', async () => {
    const { client_id, client_secret } = test.ingress.credentials;
    const answers = [
      await post(`${form().toString()}&client_id=x`, { 'content-type': 'application/x-www-form-urlencoded' }),
      await post(form(), basic(client_id, client_secret)),
      await post(JSON.stringify(Object.fromEntries(form())), { 'content-type': 'application/json' }),
      await post(''),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
    }
  });

  it('says nothing of secrets in the log', async () => {
    await post(form());
    expect(JSON.stringify(test.ingress.logLines())).not.toContain(test.ingress.credentials.client_secret);
  });
});

describe('GET /keys', () => {
  it('gives everybody the public keys of access tokens, and no other part of them', async () => {
    const answer = await fetch(`${test.ingress.baseUrl}/keys`);
    expect(answer.status).toBe(200);
    const { keys } = (await answer.json()) as { keys: Record<string, string>[] };
    expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']]);
    const given = await post(form(), { 'x-sdk-version': 'Scalekit-Node/2.0.0' });
    const { access_token: token } = (await given.json()) as { access_token: string };
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys }));
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: keys[0]?.kid });
    expect(payload).toMatchObject({ client_id: test.ingress.credentials.client_id });
  });
});

describe('the management API', () => {
  const call = (authorization?: string) =>
    fetch(`${test.ingress.baseUrl}/api/v1/organizations`, { headers: authorization ? { authorization } : {} });

  it('answers 401 with a challenge without a token', async () => {
    const answer = await call();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="rollcall"');
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthenticated' } });
  });

  it.each(['Bearer x', 'Bearer a.b.c', 'Basic abc'])('answers 401 to %s', async (authorization) => {
    expect((await call(authorization)).status).toBe(401);
  });

  it('refuses a changed token', async () => {
    const { accessToken } = test.api;
    const flipped = accessToken.slice(0, -5) + (accessToken.at(-5) === 'A' ? 'B' : 'A') + accessToken.slice(-4);
    const answer = await call(`Bearer ${flipped}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('takes the scheme name in any case', async () => {
    expect((await call(`bearer ${test.api.accessToken}`)).status).toBe(200);
  });

  it('stops a client that was revoked, and its tokens at once', async () => {
    const { keys } = test.ingress;
    const credentials = await createEnvironment({ ownerUrl: test.database.ownerUrl, keys, name: 'Revoked' });
    const client = await connectApi(test.ingress.baseUrl, credentials);
    expect((await client.call('GET', '/organizations')).status).toBe(200);
    await runAsAdmin(test.database.adminUrl, [
      ['UPDATE api_clients SET revoked_time = now() WHERE client_id = $1', [credentials.client_id]],
    ]);
    expect((await client.call('GET', '/organizations')).status).toBe(401);
    const { client_id, client_secret } = credentials;
    expect((await post(form({ client_id, client_secret }))).status).toBe(401);
  });
});
