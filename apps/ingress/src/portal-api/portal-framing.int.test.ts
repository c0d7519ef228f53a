import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PORTAL_EMBEDDED_HEADER } from '@rollcall/contract';
import { createTestDatabase } from '@rollcall/testing';
import { createEnvironment, migrateDatabase } from '@rollcall/database';
import { connectApi } from '../management/testing/api-client';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { connectPortal } from './testing/connect-portal';
import type { PortalClient } from './testing/connect-portal';

/** Served as behind a proxy that speaks https, and by a server that is reached over plain http. */
let secure: TestApi;
let plain: TestApi;

const ORIGIN = 'https://app.harborlight.test';
const FRAME = { 'sec-fetch-dest': 'iframe' };
const EMBEDDED = { [PORTAL_EMBEDDED_HEADER]: '1' };

beforeAll(async () => {
  const portalFolder = await mkdtemp(join(tmpdir(), 'rollcall-framing-'));
  await writeFile(join(portalFolder, 'index.html'), '<!doctype html><title>portal</title>');
  const start = async (PUBLIC_URL?: string) =>
    startApi(await createTestDatabase({ migrate: migrateDatabase }), PUBLIC_URL ? { PUBLIC_URL } : {}, {
      portalFolder,
    });
  [secure, plain] = [await start('https://rollcall.example'), await start()];
  for (const test of [secure, plain]) await test.api.call('PUT', '/portal_settings', { allowed_origins: [ORIGIN] });
});

afterAll(() => Promise.all([secure.stop(), plain.stop()]));

const environment = (test = secure): string => test.ingress.credentials.environment_id;

async function openInFrame(test: TestApi, portal: PortalClient): Promise<{ setCookie: string; cookie: string }> {
  const { token } = await portal.newLink(await test.newOrganization());
  const { headers } = await portal.call('POST', '/session', { body: { link_token: token }, headers: EMBEDDED });
  const setCookie = headers.get('set-cookie') ?? '';
  return { setCookie, cookie: setCookie.split(';')[0] ?? '' };
}

/** One whose owner lets another site frame the portal. */
async function otherEnvironment(): Promise<string> {
  const { database, ingress } = secure;
  const credentials = await createEnvironment({ ownerUrl: database.ownerUrl, keys: ingress.keys, name: 'Evil' });
  const api = await connectApi(ingress.baseUrl, credentials);
  await api.call('PUT', '/portal_settings', { allowed_origins: ['https://evil.test'] });
  return credentials.environment_id;
}

async function page(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${secure.ingress.baseUrl}${path}`, { headers });
  const policy = answer.headers.get('content-security-policy') ?? '';
  return {
    ancestors: /frame-ancestors ([^;]+)/.exec(policy)?.[1],
    options: answer.headers.get('x-frame-options'),
    resource: answer.headers.get('cross-origin-resource-policy'),
  };
}

describe('a page of the portal', () => {
  it('may be framed by the origins of the environment that its link names', async () => {
    const framed = await page(`/portal/open?embed=${environment()}`, FRAME);
    expect(framed).toEqual({ ancestors: ORIGIN, options: null, resource: 'cross-origin' });
  });

  it('is framed by nobody where it is a window of its own, whatever its link names', async () => {
    const own = await page(`/portal/open?embed=${environment()}`, { 'sec-fetch-dest': 'document' });
    expect(own).toEqual({ ancestors: `'none'`, options: 'DENY', resource: 'same-origin' });
  });

  it.each([
    ['no environment', '/portal/open'],
    ['one that is not there', '/portal/open?embed=env_01kag3v2q9x8w7n6m5k4j3h2g1'],
    ['what is no id', `/portal/open?embed=*`],
    ['two', `/portal/open?embed=env_a&embed=env_b`],
  ])('is framed by nobody where its link names %s', async (_, path) => {
    expect((await page(path, FRAME)).ancestors).toBe(`'none'`);
  });

  it('is framed by the same pages when it is loaded again, which its session says', async () => {
    const { cookie } = await openInFrame(secure, connectPortal(secure));
    expect((await page('/portal', { ...FRAME, cookie })).ancestors).toBe(ORIGIN);
  });

  it('is not framed by the owner of another environment while there is a session, also by a browser that says little', async () => {
    const { cookie } = await openInFrame(secure, connectPortal(secure));
    const other = await otherEnvironment();
    for (const headers of [FRAME, {}]) {
      expect((await page(`/portal?embed=${other}`, headers)).ancestors).toBe('https://evil.test');
      expect((await page(`/portal?embed=${other}`, { ...headers, cookie })).ancestors).toBe(`'none'`);
      expect((await page(`/portal?embed=${environment()}`, { ...headers, cookie })).ancestors).toBe(ORIGIN);
    }
  });

  it('is framed by nobody where the owner allows nobody', async () => {
    const other = await connectPortal(plain).newLink(await plain.newOrganization());
    expect(other.location).toContain(`/portal/open?embed=${environment(plain)}#`);
    await plain.api.call('PUT', '/portal_settings', {});
    const { location } = await connectPortal(plain).newLink(await plain.newOrganization());
    expect(location).not.toContain('embed=');
    await plain.api.call('PUT', '/portal_settings', { allowed_origins: [ORIGIN] });
  });
});

describe('the session of a frame', () => {
  it('has a cookie for every site over https, the frame’s alone, and of no other script', async () => {
    const { setCookie } = await openInFrame(secure, connectPortal(secure));
    expect(setCookie).toMatch(/^__Host-rollcall_portal_frame=/);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=None', 'Partitioned', 'Path=/']) {
      expect(setCookie.split('; ')).toContain(attribute);
    }
  });

  it('has one for the same site alone over plain http', async () => {
    const { setCookie } = await openInFrame(plain, connectPortal(plain));
    expect(setCookie).toMatch(/^rollcall_portal_frame=.*SameSite=Strict$/);
  });

  it('is another than that of a window of the same browser, and neither is taken for the other', async () => {
    const portal = connectPortal(secure);
    const own = await portal.openSession();
    const framed = await openInFrame(secure, portal);
    const cookie = `${own.cookie}; ${framed.cookie}`;
    const name = async (headers: Record<string, string>) =>
      (
        await portal.call<{ organization: { id: string } }>('GET', '/session', {
          cookie,
          headers,
          organization: null,
        })
      ).body.organization.id;
    expect(await name({})).toBe(own.organizationId);
    expect(await name(EMBEDDED)).not.toBe(own.organizationId);
  });

  it('changes nothing for a page of another site, which the browser sends the cookie for', async () => {
    const { cookie } = await openInFrame(secure, connectPortal(secure));
    const answer = await fetch(`${secure.ingress.baseUrl}/portal/api/session`, {
      method: 'DELETE',
      headers: { cookie, origin: 'https://evil.test', 'content-type': 'application/json', ...EMBEDDED },
      body: '{}',
    });
    expect(answer.status).toBe(403);
  });
});

it('tells a page in a frame whom it may talk to, and of another environment what that one allows', async () => {
  const ask = async (id: string) =>
    (await (await fetch(`${secure.ingress.baseUrl}/portal/api/embedding?environment=${id}`)).json()) as object;
  expect(await ask(environment())).toEqual({ allowed_origins: [ORIGIN] });
  expect(await ask('env_01kag3v2q9x8w7n6m5k4j3h2g1')).toEqual({ allowed_origins: [] });
});
