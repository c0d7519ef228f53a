import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { startApi } from '../management/testing/start-api';
import type { ScimClient, TestApi } from '../management/testing/start-api';
import { fetchRaw } from '../testing/raw-answer';
import type { RawAnswer } from '../testing/raw-answer';

let test: TestApi;
let directory: DirectoryItem;
let scim: ScimClient;
let cookie: string;
let ids: { user: string; group: string };

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  directory = await test.newDirectory();
  scim = await test.newScim(directory);
  const ada = await scim.call('POST', '/Users', { userName: 'ada' });
  await scim.call('POST', '/Users', { userName: 'grace' });
  const group = await scim.call('POST', '/Groups', { displayName: 'Staff', members: [{ value: ada.body.id }] });
  ids = { user: `diruser_${ada.body.id}`, group: `dirgroup_${group.body.id}` };
  await drain(test.database.appUrl, directory.id);
  cookie = await openSession();
});

afterAll(() => test.stop());

async function openSession(): Promise<string> {
  const path = `/organizations/${directory.organization_id}/portal_links?features=dir_sync`;
  const { link } = (await test.api.call<{ link: { location: string } }>('PUT', path)).body;
  const answer = await fetch(`${test.ingress.baseUrl}/portal/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link_token: link.location.split('#')[1] }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

function get(path: string, known?: string): Promise<RawAnswer> {
  const headers = { cookie, ...(known !== undefined && { 'if-none-match': known }) };
  return fetchRaw(`${test.ingress.baseUrl}/portal/api${path}`, { headers });
}

const POLLED: [string, () => string][] = [
  ['the session', () => '/session'],
  ['the directories', () => '/directories'],
  ['a directory', () => `/directories/${directory.id}`],
  ['a page of its users', () => `/directories/${directory.id}/users?page_size=1`],
  ['a search', () => `/directories/${directory.id}/users?search=ada`],
  ['a user', () => `/directories/${directory.id}/users/${ids.user}?include_detail=true`],
  ['its groups', () => `/directories/${directory.id}/groups`],
  ['a group', () => `/directories/${directory.id}/groups/${ids.group}?include_detail=true`],
  ['its members', () => `/directories/${directory.id}/groups/${ids.group}/members`],
];

describe.each(POLLED)('%s', (_what, path) => {
  it('is 304 while nothing has happened, and is kept by no cache', async () => {
    // What was asked of the directory before is still being noted for a moment.
    const [first, again] = await waitUntil(async () => {
      const whole = await get(path());
      const answer = await get(path(), whole.headers.etag);
      return answer.status === 304 ? ([whole, answer] as const) : null;
    });
    expect([first.status, first.headers['cache-control']]).toEqual([200, 'no-store']);
    expect([again.status, again.headers.etag, again.bytes.length]).toEqual([304, first.headers.etag, 0]);
    expect(again.headers['cache-control']).toBe('no-store');
  });
});

it('is answered anew when something has happened', async () => {
  const path = `/directories/${directory.id}/users`;
  const { etag } = (await get(path)).headers;
  await scim.call('POST', '/Users', { userName: 'lin' });
  await drain(test.database.appUrl, directory.id);
  const next = await get(path, etag);
  expect(next.status).toBe(200);
  expect(next.headers.etag).not.toBe(etag);
  expect(next.bytes.toString()).toContain('lin');
});

it('says nothing to one without the session, whatever tag is known', async () => {
  const { headers } = await get('/directories');
  for (const known of [headers.etag ?? '', '*']) {
    const answer = await fetchRaw(`${test.ingress.baseUrl}/portal/api/directories`, {
      headers: { 'if-none-match': known },
    });
    expect([answer.status, answer.headers.etag]).toEqual([401, undefined]);
  }
});
