import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { connectPortal } from './testing/connect-portal';
import type { PortalClient } from './testing/connect-portal';
import { listFeatureRoutes, listRoutes, listSessionRoutes } from './testing/list-routes';

// Every route of the portal's API, of whichever controller the module has. What a page of another organization is answered stands in
// portal-organization.int.test.ts.

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

afterAll(() => test?.stop());

describe('a route of the portal', () => {
  it('asks for a session, but for what is listed as open', async () => {
    expect(listSessionRoutes()).toHaveLength(listRoutes().length - 8);
    for (const { method, path } of listSessionRoutes()) {
      const { status, body } = await portal.call(method, path);
      expect([method, path, status, body.error.code]).toEqual([method, path, 401, 'session_missing']);
    }
  });

  it('changes nothing for another site', async () => {
    const { cookie } = await portal.openSession();
    const writing = listRoutes().filter(({ method }) => method !== 'GET');
    expect(writing.length).toBeGreaterThan(15);
    for (const { method, path } of writing) {
      const { status, body } = await portal.call(method, path, { cookie, headers: { origin: 'https://evil.test' } });
      expect([method, path, status, body.error.code]).toEqual([method, path, 403, 'foreign_origin']);
    }
  });

  it('is refused while Directory Sync is off, but for the session’s own, and works again once it is on', async () => {
    const directory = await test.newDirectory();
    const { cookie, organizationId } = await portal.openSession(directory.organization_id);
    const settings = (enabled: boolean) =>
      test.api.call('PATCH', `/organizations/${organizationId}/settings`, {
        features: [{ name: 'dir_sync', enabled }],
      });
    await settings(false);
    const routes = listFeatureRoutes(directory.id);
    expect(routes).toHaveLength(listSessionRoutes().length - 3);
    for (const { method, path } of routes) {
      const { status, body } = await portal.call(method, path, { cookie });
      expect([method, path, status, body.error?.code]).toEqual([method, path, 403, 'feature_disabled']);
    }
    await settings(true);
    const { body } = await portal.call<{ directory: unknown }>('GET', `/directories/${directory.id}`, { cookie });
    expect(body.directory).toMatchObject({ id: directory.id, enabled: true, secrets: [] });
  });
});
