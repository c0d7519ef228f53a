import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PORTAL_ORGANIZATION_HEADER } from '@rollcall/contract';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { ApiClient } from '../management/testing/api-client';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';

/** Requests that an environment has at first. */
const BURST = 10;

let test: TestApi;
let cookies: Record<'busy' | 'quiet' | 'besideQuiet', string>;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    LIMIT_API_REQUESTS_PER_SECOND: String(BURST),
    LIMIT_BURST_SECONDS: '1',
  });
  // What is spent does not come back while these tests run: the least part of a request that is missing takes hours.
  const limits = JSON.stringify({ api_requests_per_second: BURST / 1e9, burst_seconds: 1e9 });
  await runAsAdmin(test.database.adminUrl, [['UPDATE environments SET limits = $1', [limits]]]);
  cookies = {
    quiet: await openSession(test.foreign),
    besideQuiet: await openSession(test.foreign),
    busy: await openSession(test.api),
  };
  await waitUntil(async () => (await secondsToWait(test.api)) > 3_600, { what: 'the limits of both having been read' });
});

afterAll(() => test.stop());

const organizations = new Map<string, string>();

async function openSession(api: ApiClient): Promise<string> {
  const { organization } = (
    await api.call<{ organization: { id: string } }>('POST', '/organizations', { display_name: 'Acme' })
  ).body;
  const path = `/organizations/${organization.id}/portal_links?features=dir_sync`;
  const { link } = (await api.call<{ link: { location: string } }>('PUT', path)).body;
  const answer = await fetch(`${test.ingress.baseUrl}/portal/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link_token: link.location.split('#')[1] }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  organizations.set(cookie, organization.id);
  return cookie;
}

async function leave(cookie: string): Promise<number> {
  const headers = {
    cookie,
    'content-type': 'application/json',
    [PORTAL_ORGANIZATION_HEADER]: organizations.get(cookie) ?? '',
  };
  return (await fetch(`${test.ingress.baseUrl}/portal/api/session`, { method: 'DELETE', headers, body: '{}' })).status;
}

/** Asks for something; how long the next one has to wait when it was refused. */
async function secondsToWait(api: ApiClient): Promise<number> {
  return Number((await api.call('GET', '/organizations')).headers.get('retry-after') ?? 0);
}

async function ask(cookie: string, times: number): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < times) {
    statuses.push((await fetch(`${test.ingress.baseUrl}/portal/api/session`, { headers: { cookie } })).status);
  }
  return statuses;
}

describe('the session, which every open page of the portal asks for again and again', () => {
  it('is answered though its environment is over its limit', async () => {
    expect(await ask(cookies.busy, 3)).toEqual([200, 200, 200]);
  });

  it('counts among the requests of its environment, and has a limit', async () => {
    expect((await ask(cookies.quiet, BURST + 1)).at(-1)).toBe(429);
    expect(await secondsToWait(test.foreign)).toBeGreaterThan(3_600);
  });

  it('is answered to one organization though another of the environment is over its limit, and can be left by both', async () => {
    expect(await ask(cookies.quiet, 1)).toEqual([429]);
    expect(await ask(cookies.besideQuiet, 2)).toEqual([200, 200]);
    expect([await leave(cookies.quiet), await leave(cookies.besideQuiet)]).toEqual([204, 204]);
  });
});
