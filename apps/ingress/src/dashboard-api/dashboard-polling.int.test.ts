import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase } from '@rollcall/testing';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { connectDashboard } from './testing/connect-dashboard';
import type { DashboardClient, SignedIn } from './testing/connect-dashboard';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;
let directory: DirectoryItem;
let endpointId: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
  directory = await test.newDirectory();
  const { body } = await test.api.call<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', {
    url: 'https://app.example/hook',
  });
  endpointId = body.webhook_endpoint.id;
});

afterAll(() => test?.stop());

const ask = (path: string, known?: string) =>
  dashboard.callApi('GET', path, {
    cookie: owner.cookie,
    headers: known === undefined ? {} : { 'if-none-match': known },
  });

const POLLED: [string, () => string][] = [
  ['the list of organizations', () => '/organizations?page_size=20'],
  ['an organization', () => `/organizations/${directory.organization_id}`],
  ['its directories', () => `/organizations/${directory.organization_id}/directories?page_size=100`],
  ['a directory', () => pathOf(directory)],
  ['the webhook endpoints', () => '/webhook_endpoints'],
  ['the deliveries of one', () => `/webhook_endpoints/${endpointId}/deliveries`],
  ['the roles', () => '/roles?page_size=100'],
];

describe.each(POLLED)('what a page of the dashboard shows of %s', (_what, path) => {
  it('is 304 while nothing has happened, and is kept by no cache', async () => {
    const first = await ask(path());
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const again = await ask(path(), first.headers.get('etag') ?? '');
    expect([again.status, again.body]).toEqual([304, undefined]);
  });
});

it('is answered anew when something has happened', async () => {
  const { headers } = await ask('/organizations');
  await test.api.call('POST', '/organizations', { display_name: 'Globex' });
  expect((await ask('/organizations', headers.get('etag') ?? '')).status).toBe(200);
});

it('the session is 304 while it is the same', async () => {
  const session = (known: string) =>
    dashboard.call('GET', '/session', { cookie: owner.cookie, headers: { 'if-none-match': known } });
  const { headers, status } = await session('');
  expect([status, (await session(headers.get('etag') ?? '')).status]).toEqual([200, 304]);
});

it('says nothing to one without the session, whatever tag is known', async () => {
  for (const path of ['/organizations', pathOf(directory)]) {
    const answer = await dashboard.callApi('GET', path, { headers: { 'if-none-match': '*' } });
    expect([answer.status, answer.headers.get('etag')]).toEqual([401, null]);
  }
});
