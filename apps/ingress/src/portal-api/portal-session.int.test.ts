import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PORTAL_ORGANIZATION_HEADER } from '@rollcall/contract';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';

/** Served as behind a proxy that speaks https. */
let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    PUBLIC_URL: 'https://rollcall.example/sync',
  });
});

afterAll(() => test.stop());

interface Organization {
  id: string;
  name: string;
}

async function newOrganization(name: string): Promise<Organization> {
  const { body } = await test.api.call<{ organization: { id: string } }>('POST', '/organizations', {
    display_name: name,
  });
  return { id: body.organization.id, name };
}

async function newLink({ id }: Organization): Promise<string> {
  const path = `/organizations/${id}/portal_links?features=dir_sync`;
  const { body } = await test.api.call<{ link: { location: string } }>('PUT', path);
  expect(body.link.location).toMatch(/^https:\/\/rollcall\.example\/sync\/portal\/open#/);
  return body.link.location.split('#')[1] ?? '';
}

function call(method: string, { cookie, body, headers = {} }: CallOptions = {}): Promise<Response> {
  return fetch(`${test.ingress.baseUrl}/portal/api/session`, {
    method,
    headers: { 'content-type': 'application/json', ...(cookie !== undefined && { cookie }), ...headers },
    body: body && JSON.stringify(body),
  });
}

interface CallOptions {
  cookie?: string;
  body?: object;
  headers?: Record<string, string>;
}

async function open(organization: Organization): Promise<string> {
  const answer = await call('POST', { body: { link_token: await newLink(organization) } });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const statusWith = async (cookie: string): Promise<number> => (await call('GET', { cookie })).status;

describe('the cookie of a session over https', () => {
  it('has the prefix with which a browser takes it from this host alone', async () => {
    const answer = await call('POST', { body: { link_token: await newLink(await newOrganization('Acme')) } });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-rollcall_portal=[A-Za-z0-9_-]{40,}; Path=\/; Max-Age=21600; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it('is not taken under another name, nor beside a second one', async () => {
    const cookie = await open(await newOrganization('Acme'));
    expect(await statusWith(cookie)).toBe(200);
    expect(await statusWith(cookie.replace('__Host-', ''))).toBe(401);
    expect(await statusWith(`${await open(await newOrganization('Planted'))}; ${cookie}`)).toBe(401);
  });
});

describe('a link that is opened in a browser with a session', () => {
  it('of another organization asks first, and is not used up by that', async () => {
    const [acme, globex] = [await newOrganization('Acme'), await newOrganization('Globex')];
    const cookie = await open(acme);
    const link_token = await newLink(globex);
    const asked = await call('POST', { cookie, body: { link_token } });
    expect(asked.status).toBe(409);
    expect(asked.headers.get('set-cookie')).toBeNull();
    expect(await asked.json()).toMatchObject({
      error: { code: 'session_of_another_organization', details: { present: 'Acme', next: 'Globex' } },
    });
    expect(await statusWith(cookie)).toBe(200);
    const opened = await call('POST', { cookie, body: { link_token, replace: true } });
    expect(await opened.json()).toMatchObject({ organization: { display_name: 'Globex' } });
    expect(await statusWith(cookie)).toBe(401);
  });

  it('of the same organization replaces it, and the old one ends', async () => {
    const acme = await newOrganization('Acme');
    const cookie = await open(acme);
    const opened = await call('POST', { cookie, body: { link_token: await newLink(acme) } });
    expect(opened.status).toBe(200);
    expect(await statusWith(cookie)).toBe(401);
  });
});

describe('a change through the portal', () => {
  it('is taken from PUBLIC_URL alone, whatever host it was sent to', async () => {
    const host = new URL(test.ingress.baseUrl).host;
    for (const [origin, status] of [
      ['https://rollcall.example', 204],
      [`http://${host}`, 403],
      [`https://${host}`, 403],
      ['http://rollcall.example', 403],
    ] as const) {
      const acme = await newOrganization('Acme');
      const headers = { origin, [PORTAL_ORGANIZATION_HEADER]: acme.id };
      const answer = await call('DELETE', { cookie: await open(acme), body: {}, headers });
      expect([origin, answer.status]).toEqual([origin, status]);
    }
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/api/v1/organizations', '/portal/api/session', '/scim/x/v2/Users', '/nothing'])(
    'of %s keeps a browser to https, and is nothing that it would run or frame',
    async (path) => {
      const { headers } = await fetch(test.ingress.baseUrl + path);
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
      expect(headers.get('content-security-policy')).toBe(`default-src 'none'; frame-ancestors 'none'`);
    },
  );
});
