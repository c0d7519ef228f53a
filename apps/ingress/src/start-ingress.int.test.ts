import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger, newId, readConfig } from '@rollcall/platform';
import { beginUpload, createTestDatabase, newSecretKey, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { migrateDatabase, rotateSecretKey } from '@rollcall/database';
import { connectApi } from './management/testing/api-client';
import { startIngress } from './start-ingress';
import { seedDirectory } from './testing/seed-directory';
import { startTestIngress } from './testing/start-test-ingress';
import type { TestIngress } from './testing/start-test-ingress';

let database: TestDatabase;
let ingress: TestIngress;

beforeAll(async () => {
  const portalFolder = await mkdtemp(join(tmpdir(), 'rollcall-portal-'));
  await mkdir(join(portalFolder, 'assets'));
  await writeFile(join(portalFolder, 'index.html'), '<!doctype html><title>portal</title>');
  await writeFile(join(portalFolder, 'assets', 'index-abc123.js'), 'export {};');
  database = await createTestDatabase({ migrate: migrateDatabase });
  ingress = await startTestIngress(database, { portalFolder });
});

afterAll(async () => {
  await ingress.stop();
  await database.drop();
});

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${ingress.baseUrl}${path}`, init);

describe('health', () => {
  it('says that the process is alive and that it can serve', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ok' });
  });

  it('tells request metrics without ids, and not to everybody', async () => {
    await get('/api/v1/nothing-here');
    const series = JSON.stringify(await ingress.operations.series());
    expect(series).toContain('rollcall_http_request_seconds_count');
    expect(series).not.toContain('nothing-here');
    expect((await get('/metrics')).status).toBe(404);
  });

  it('names routes in metrics as people write them, and statuses by their class', async () => {
    await get('/api/v1/organizations/org_x/directories/dir_x:enable', { method: 'PATCH' });
    const found = (await ingress.operations.series()).find(({ name }) => name === 'rollcall_http_request_seconds');
    const labels = found?.values.map((value) => value.labels as Record<string, string>) ?? [];
    const routes = labels.map(({ route = '' }) => route);
    expect(routes).toContain('/api/v1/organizations/:organization_id/directories/:directory_id:enable');
    expect(routes.filter((route) => /[()]|::/.test(route))).toEqual([]);
    expect(labels.every(({ status = '' }) => /^[1-5]xx$/.test(status))).toBe(true);
  });

  it('counts what was over a limit', async () => {
    const body = new URLSearchParams({ grant_type: 'x'.repeat(100_000) });
    expect((await get('/oauth/token', { method: 'POST', body })).status).toBe(413);
    const found = (await ingress.operations.series()).find(({ name }) => name === 'rollcall_requests_refused_total');
    expect(found?.values).toMatchObject([{ value: 1, labels: { code: 'too_large' } }]);
  });
});

describe('errors take the form of the surface the URL belongs to', () => {
  it('answers an unknown path as the API does', async () => {
    const answer = await get('/api/v1/nothing-here?x=1');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/json');
    const request_id = answer.headers.get('x-request-id');
    expect(await answer.json()).toEqual({ error: { code: 'not_found', message: expect.any(String), request_id } });
  });

  it('answers a wrong method with 405 and Allow, and OPTIONS with 204', async () => {
    const wrong = await get('/healthz', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const options = await get('/healthz/', { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('answers a malformed percent escape with 400', async () => {
    const answer = await get('/api/v1/%zz');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_request' } });
  });

  it('answers HEAD like GET, without a body', async () => {
    const answer = await get('/healthz', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });
});

describe('the portal', () => {
  it.each(['/portal', '/portal/', '/portal/open', '/portal/directories/x'])('serves its page at %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<title>portal</title>');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(answer.headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('never answers an unknown call of its API with the page', async () => {
    const answer = await get('/portal/api/nothing');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  it('serves its hashed files as immutable and nothing outside their folder', async () => {
    const script = await get('/assets/index-abc123.js');
    expect(script.status).toBe(200);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect((await get('/assets/missing.js')).status).toBe(404);
    expect(await rawStatus('/assets/../index.html')).toBeGreaterThanOrEqual(400);
    expect(await rawStatus('/assets/%2e%2e/index.html')).toBeGreaterThanOrEqual(400);
  });
});

it('logs one line per request: route template and status, never the URL', async () => {
  await get('/portal/secret-name?token=hunter2');
  const line = ingress.logLines().findLast(({ route }) => route === '/portal/*');
  expect(line).toMatchObject({ method: 'GET', status: 200, ms: expect.any(Number) });
  expect(JSON.stringify(ingress.logLines())).not.toMatch(/hunter2|secret-name/);
});

it('finishes what is in flight when it stops, and takes nothing new', async () => {
  const own = await createTestDatabase({ migrate: migrateDatabase });
  const stopping = await startTestIngress(own, { env: { PUBLIC_URL: 'https://directory.example.com/sync' } });
  const directory = await seedDirectory(own.adminUrl, stopping);
  const members = Array.from({ length: 50_000 }, () => ({ value: newId() }));
  const underWay = await beginUpload(`${directory.scimUrl}/Groups`, {
    headers: { authorization: `Bearer ${directory.token}` },
    body: { displayName: 'Large', members },
  });
  const stopped = stopping.stop();
  const isClosed = () =>
    fetch(`${stopping.baseUrl}/healthz`).then(
      () => false,
      () => true,
    );
  await waitUntil(isClosed, { what: 'the port being closed' });
  underWay.finish();
  const { status, headers } = await underWay.answer;
  expect(status).toBe(201);
  expect(headers['location']).toMatch(/^https:\/\/directory\.example\.com\/sync\/scim\//);
  await stopped;
  await own.drop();
});

it('takes requests with and without the path of PUBLIC_URL', async () => {
  const own = await createTestDatabase({ migrate: migrateDatabase });
  const prefixed = await startTestIngress(own, { env: { PUBLIC_URL: 'https://directory.example.com/sync' } });
  for (const path of ['/healthz', '/sync/healthz'])
    expect((await fetch(`${prefixed.baseUrl}${path}`)).status).toBe(200);
  await prefixed.stop();
  await own.drop();
});

it('refuses to start with another secret key than the database was bound to', async () => {
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: database.appUrl,
    SECRET_KEY: randomBytes(32).toString('base64'),
  });
  const start = startIngress(config, {
    logger: createLogger('test', { level: 'fatal' }),
    portalFolder: '/nonexistent',
  });
  await expect(start).rejects.toMatchObject({ code: 'secret_key_mismatch' });
});

it('starts with a new secret key while the previous one is listed, and takes what that one signed', async () => {
  const own = await createTestDatabase({ migrate: migrateDatabase });
  const [previous, newest] = [newSecretKey(), newSecretKey()];
  const settings = { env: { PUBLIC_URL: 'https://directory.example.com', SECRET_KEY: previous } };
  const before = await startTestIngress(own, settings);
  const { accessToken } = await connectApi(before.baseUrl, before.credentials);
  await before.stop();
  const restart = async (env: NodeJS.ProcessEnv) => {
    const config = readConfig({ PORT: '0', DATABASE_URL: own.appUrl, ...settings.env, ...env });
    return startIngress(config, { logger: createLogger('test', { level: 'fatal' }), portalFolder: '/nonexistent' });
  };
  const listOrganizations = async ({ port }: { port: number }) => {
    const headers = { authorization: `Bearer ${accessToken}` };
    return (await fetch(`http://127.0.0.1:${port}/api/v1/organizations`, { headers })).status;
  };
  const during = await restart({ SECRET_KEY: newest, SECRET_KEY_PREVIOUS: previous });
  expect(await listOrganizations(during)).toBe(200);
  await during.stop();
  await rotateSecretKey({
    ownerUrl: own.ownerUrl,
    keys: { secretKey: Buffer.from(newest, 'base64'), previousSecretKeys: [Buffer.from(previous, 'base64')] },
  });
  const after = await restart({ SECRET_KEY: newest });
  expect(await listOrganizations(after)).toBe(401);
  await after.stop();
  await own.drop();
});

/** Without the normalization that fetch does. */
function rawStatus(path: string): Promise<number | undefined> {
  const { port } = new URL(ingress.baseUrl);
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
