import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { connectPortal } from './testing/connect-portal';
import type { PortalClient } from './testing/connect-portal';
import { listSessionRoutes } from './testing/list-routes';
import type { PortalRoute } from './testing/list-routes';

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

afterAll(() => test.stop());

/** Every route behind a session, as a page calls it that shows this directory. */
async function newPage(): Promise<{ directory: DirectoryItem; cookie: string; routes: PortalRoute[] }> {
  const directory = await test.newDirectory();
  const { cookie } = await portal.openSession(directory.organization_id);
  const routes = listSessionRoutes(directory.id);
  expect(routes.length).toBeGreaterThan(30);
  return { directory, cookie, routes };
}

describe('a page of another organization than the one of the session', () => {
  it('is refused by every route, which neither reads nor changes anything, and is told whose portal is open', async () => {
    const { directory, cookie, routes } = await newPage();
    const before = await test.api.call('GET', pathOf(directory));
    const organization = await test.newOrganization();
    for (const { method, path } of routes) {
      const { status, body } = await portal.call(method, path, { cookie, organization });
      expect([method, path, status, body.error.code]).toEqual([method, path, 409, 'session_of_another_organization']);
      expect(body.error.details).toEqual({ present: 'Acme' });
    }
    expect((await portal.call('GET', '/session', { cookie })).status).toBe(200);
    expect((await test.api.call('GET', pathOf(directory))).body).toEqual(before.body);
  });

  it.each(['', 'org_', 'nonsense', 'org_%00', 'x'.repeat(4_000)])(
    'is one that says %j as well',
    async (organization) => {
      const { cookie } = await portal.openSession();
      for (const method of ['GET', 'DELETE']) {
        expect((await portal.call(method, '/session', { cookie, organization })).status).toBe(409);
      }
    },
  );

  it('learns nothing about the session of an organization that has been deleted', async () => {
    const { cookie, organizationId } = await portal.openSession();
    await test.api.call('DELETE', `/organizations/${organizationId}`);
    const { status, body } = await portal.call('GET', '/session', { cookie, organization: 'org_other' });
    expect([status, body.error.code, body.error.details]).toEqual([401, 'organization_deleted', undefined]);
  });
});

/** What a route is not asked without. */
const QUERIES: Record<string, string> = { 'PortalRequestsController.find': '?name=ann' };

describe('a page that does not say for which organization it is', () => {
  it('can read, as it does when it is loaded, and change nothing', async () => {
    const { directory, cookie, routes } = await newPage();
    const before = await test.api.call('GET', pathOf(directory));
    for (const { handler, method, path } of routes) {
      // It says with each call what it shows, and has an answer without an end.
      if (handler === 'LiveController.stream') continue;
      const query = QUERIES[handler] ?? '';
      const { status, body } = await portal.call(method, path + query, { cookie, organization: null });
      if (method === 'GET') {
        expect([path, [200, 404]]).toEqual([path, expect.arrayContaining([status])]);
        continue;
      }
      expect([method, path, status, body.error.code]).toEqual([method, path, 400, 'invalid_request']);
      expect(body.error.message).toMatch(/^Reload the page/);
    }
    expect((await portal.call('GET', '/session', { cookie })).status).toBe(200);
    expect((await test.api.call('GET', pathOf(directory))).body).toEqual(before.body);
  });
});

describe('a page whose organization had a session of another link before', () => {
  it('goes on with the new one', async () => {
    const { organizationId } = await portal.openSession();
    const { cookie } = await portal.openSession(organizationId);
    expect((await portal.call('GET', '/directories', { cookie, organization: organizationId })).status).toBe(200);
  });
});
