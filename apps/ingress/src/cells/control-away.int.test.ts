import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaultProxy, waitUntil } from '@rollcall/testing';
import type { FaultProxy } from '@rollcall/testing';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { DirectoryItem } from '../management/directories/directory.dto';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { connectApi } from '../management/testing/api-client';
import type { ApiClient } from '../management/testing/api-client';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf } from '../management/testing/start-api';
import type { ScimClient } from '../management/testing/start-api';
import { startTestCells } from './start-test-cells.test-support';
import type { TestCells } from './start-test-cells.test-support';

let test: TestCells;
/** In front of the database of the control cell. */
let proxy: FaultProxy;
let directory: DirectoryItem;
let scim: ScimClient;
/** A client of the directory's organization alone. */
let limited: ApiClient;

beforeAll(async () => {
  test = await startTestCells(async ({ control: { appUrl } }) => {
    const url = new URL(appUrl);
    proxy = await startFaultProxy({ targetPort: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    return { DATABASE_URL: url.href };
  });
  await test.whenJoined();
  directory = await test.newDirectory(await test.newOrganization('b'));
  const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
  scim = connectScim(test.baseUrl, directory, body.plain_secret);
  expect((await scim.call('POST', '/Users', { userName: 'before@acme.test' })).status).toBe(201);
  const client = { name: 'Limited', scopes: ['read'], organization_id: directory.organization_id };
  const made = (await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', client)).body;
  const { client_secret, api_client } = made;
  limited = await connectApi(test.baseUrl, { ...test.credentials, client_id: api_client.client_id, client_secret });
  expect((await limited.call('GET', '/events')).status).toBe(200);
  await proxy.setFault({ kind: 'refuse' });
});

afterAll(async () => {
  await test?.stop();
  await proxy?.stop();
});

it('organizations of other cells that were asked for lately are served while the control cell is away', async () => {
  // Longer than what is remembered is trusted while the control cell can be asked.
  await waitUntil(() => test.logLines().some(({ msg }) => msg === 'placements cannot be read'));
  expect((await scim.call('POST', '/Users', { userName: 'meanwhile@acme.test' })).status).toBe(201);
  expect((await test.api.call('GET', pathOf(directory))).status).toBe(200);
  await drain(test.b.appUrl, directory.id);
  const feed = await test.api.call<{ events: unknown[]; unavailable_cells: string[] }>('GET', '/events');
  expect([feed.status, feed.body.unavailable_cells]).toEqual([200, ['control']]);
  expect(feed.body.events.length).toBeGreaterThan(1);
  const own = await limited.call<{ events: unknown[] }>('GET', '/events');
  expect(own.body.events).toEqual(feed.body.events);
});

it('who was not asked for, and what the control cell has, is answered 503', async () => {
  for (const path of ['/organizations/org_01hzyzzzzzzzzzzzzzzzzzzzzz', '/roles', '/webhook_endpoints']) {
    const { status, headers } = await test.api.call('GET', path);
    expect([path, status, headers.has('retry-after')]).toEqual([path, 503, true]);
  }
  const ready = await fetch(`${test.baseUrl}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ status: 'unavailable', failing: 'database of cell control' }),
  ]);
});

it('everything is served again when it is back', async () => {
  await proxy.setFault({ kind: 'pass' });
  await waitUntil(async () => (await test.api.call('GET', '/roles')).status === 200);
  await waitUntil(async () => (await fetch(`${test.baseUrl}/readyz`)).status === 200);
  expect((await test.api.call('POST', '/roles', { role_name: 'later', display_name: 'Later' })).status).toBe(201);
  expect((await scim.call('GET', '/Users')).body).toMatchObject({ totalResults: 2 });
});
