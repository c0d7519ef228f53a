import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { pathOf, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { count, newestOf, openStream } from '../portal-api/testing/listen';
import type { Listener } from '../portal-api/testing/listen';
import { connectDashboard } from './testing/connect-dashboard';
import type { DashboardClient, SignedIn } from './testing/connect-dashboard';

let test: TestApi;
let dashboard: DashboardClient;
let owner: SignedIn;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  dashboard = connectDashboard(test);
  owner = await dashboard.setUp();
});

afterAll(() => test?.stop());

function listen({ cookie }: SignedIn, organizationId: string, environment?: string): Promise<Listener> {
  const named = new URLSearchParams({
    environment: environment ?? test.ingress.credentials.environment_id,
    organization: organizationId,
  });
  return openStream(`${test.ingress.baseUrl}/dashboard/api/live?${named.toString()}`, cookie);
}

async function look(member: SignedIn): Promise<{ directory: DirectoryItem; listener: Listener }> {
  const directory = await test.newDirectory();
  const listener = await listen(member, directory.organization_id);
  await waitUntil(() => newestOf(listener, directory) !== undefined);
  return { directory, listener };
}

describe('a page of the dashboard that listens', () => {
  it('is told how each directory of its organization is, a viewer too', async () => {
    const { directory, listener } = await look(await dashboard.join(owner, 'viewer'));
    await test.newScim(directory);
    await waitUntil(() => newestOf(listener, directory)?.health.state === 'waiting');
    await test.api.call('PATCH', `${pathOf(directory)}:disable`);
    await waitUntil(() => newestOf(listener, directory)?.health.state === 'disabled');
    expect(newestOf(listener, directory)?.enabled).toBe(false);
    listener.close();
  });

  it('hears nothing of an organization of another environment, nor without a session', async () => {
    const { body } = await test.foreign.call<{ organization: { id: string } }>('POST', '/organizations', {
      display_name: 'Globex',
    });
    const { environment_id: own } = test.ingress.credentials;
    for (const environment of [own, `env_${'0'.repeat(26)}`, 'nonsense', '']) {
      expect((await listen(owner, body.organization.id, environment)).status).toBeGreaterThanOrEqual(400);
    }
    const directory = await test.newDirectory();
    expect((await listen({ ...owner, cookie: '' }, directory.organization_id)).status).toBe(401);
  });

  it('is one of three of its member, in however many sessions', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const signIn = await dashboard.call('POST', '/sign_in', {
      body: { email: member.email, password: member.password },
    });
    const again = { ...member, cookie: signIn.headers.get('set-cookie')?.split(';')[0] ?? '' };
    const { directory, listener } = await look(member);
    const others = [await listen(member, directory.organization_id), await listen(again, directory.organization_id)];
    const refused = await listen(again, directory.organization_id);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    for (const { close } of [listener, ...others]) close();
  });
});

describe('its stream ends', () => {
  it('with the session', async () => {
    const member = await dashboard.join(owner, 'viewer');
    const { listener } = await look(member);
    expect((await dashboard.call('DELETE', '/session', { cookie: member.cookie })).status).toBe(204);
    await waitUntil(listener.isOver);
    expect(count(listener, 'session')).toBe(1);
  });

  it('when the member is removed from the environment', async () => {
    const member = await dashboard.join(owner, 'admin');
    const { listener } = await look(member);
    const removed = await dashboard.call('DELETE', `/members/${member.memberId}`, { cookie: owner.cookie });
    expect(removed.status).toBe(204);
    await waitUntil(listener.isOver);
  });
});
