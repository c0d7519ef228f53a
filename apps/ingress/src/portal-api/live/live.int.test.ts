import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { DirectoryItem } from '../../management/directories/directory.dto';
import { connectScim, pathOf, startApi } from '../../management/testing/start-api';
import type { TestApi } from '../../management/testing/start-api';
import { connectPortal } from '../testing/connect-portal';
import type { PortalClient } from '../testing/connect-portal';
import { count, listen, newestOf } from '../testing/listen';
import type { Listener } from '../testing/listen';

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

// The last test has stopped the ingress.
afterAll(() => test?.database.drop());

async function visit(): Promise<{ directory: DirectoryItem; cookie: string; listener: Listener }> {
  const directory = await test.newDirectory();
  const { cookie } = await portal.openSession(directory.organization_id);
  const listener = await listen(test, cookie, directory.organization_id);
  await waitUntil(() => newestOf(listener, directory) !== undefined);
  return { directory, cookie, listener };
}

describe('a page that listens', () => {
  it('is told how each directory is, in a form that no proxy holds back', async () => {
    const { directory, listener } = await visit();
    expect(listener.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(listener.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(listener.headers.get('x-accel-buffering')).toBe('no');
    expect(listener.headers.get('content-encoding')).toBeNull();
    expect(newestOf(listener, directory)).toMatchObject({ health: { state: 'no_active_token' } });
    listener.close();
  });

  it('is told when a token is made, a wrong one is refused, the right one is accepted, and users come', async () => {
    const { directory, listener } = await visit();
    const state = () => newestOf(listener, directory)?.health.state;
    const scim = await test.newScim(directory);
    await waitUntil(() => state() === 'waiting');
    await connectScim(test.ingress.baseUrl, directory, 'nonsense').call('GET', '/Users');
    await waitUntil(() => state() === 'refused');
    await scim.call('POST', '/Users', { userName: 'ada' });
    await waitUntil(() => state() === 'connected' && newestOf(listener, directory)?.total_users === 1);
    await test.api.call('PATCH', `${pathOf(directory)}:disable`);
    await waitUntil(() => state() === 'disabled');
    expect(newestOf(listener, directory)?.enabled).toBe(false);
    listener.close();
  });

  it('is told what the clock alone changes', async () => {
    const { directory, listener } = await visit();
    await test.api.call('POST', `${pathOf(directory)}/secrets`, { expires_in: 3 });
    await waitUntil(() => newestOf(listener, directory)?.health.state === 'token_expiring');
    await waitUntil(() => newestOf(listener, directory)?.health.state === 'no_active_token');
    expect(newestOf(listener, directory)?.secrets).toMatchObject([{ status: 'EXPIRED' }]);
    listener.close();
  });

  it('is told while Directory Sync is off, and of every switch', async () => {
    const { directory, listener } = await visit();
    const settings = `/organizations/${directory.organization_id}/settings`;
    await test.api.call('PATCH', settings, { features: [{ name: 'dir_sync', enabled: false }] });
    await waitUntil(() => newestOf(listener, directory)?.health.state === 'feature_off');
    expect(count(listener, 'session')).toBe(1);
    await test.api.call('PATCH', settings, { features: [{ name: 'dir_sync', enabled: true }] });
    await waitUntil(() => newestOf(listener, directory)?.health.state === 'no_active_token');
    expect(count(listener, 'session')).toBe(2);
    listener.close();
  });

  it('is told when a directory is gone', async () => {
    const { directory, listener } = await visit();
    await test.api.call('DELETE', pathOf(directory));
    await waitUntil(() => count(listener, 'directories') > 0);
    expect(listener.isOver()).toBe(false);
    listener.close();
  });

  it('hears nothing of another organization', async () => {
    const { directory, listener } = await visit();
    const other = await visit();
    await test.newScim(other.directory);
    await waitUntil(() => newestOf(other.listener, other.directory)?.health.state === 'waiting');
    const told = listener.events.flatMap(({ data }) => data.directory?.organization_id ?? []);
    expect(new Set(told)).toEqual(new Set([directory.organization_id]));
    for (const { close } of [listener, other.listener]) close();
  });
});

describe('a stream', () => {
  it('ends with its session', async () => {
    const { cookie, listener } = await visit();
    expect((await portal.call('DELETE', '/session', { cookie })).status).toBe(204);
    await waitUntil(listener.isOver);
    expect(listener.events.at(-1)?.type).toBe('session');
  });

  it.each([
    ['its link is revoked', (path: string) => test.api.call('DELETE', `${path}/portal_links`)],
    ['its organization is deleted', (path: string) => test.api.call('DELETE', path)],
  ])('ends when %s', async (_, end) => {
    const { directory, listener } = await visit();
    await end(`/organizations/${directory.organization_id}`);
    await waitUntil(listener.isOver);
    expect(listener.events.at(-1)?.type).toBe('session');
  });

  it('is not given without a session, nor to a page of another organization', async () => {
    const { directory, cookie, listener } = await visit();
    expect((await listen(test, '', directory.organization_id)).status).toBe(401);
    expect((await listen(test, cookie, await test.newOrganization())).status).toBe(409);
    listener.close();
  });

  it('is given to three pages of a session at a time, and again when one is gone', async () => {
    const { directory, cookie, listener } = await visit();
    const others = [
      await listen(test, cookie, directory.organization_id),
      await listen(test, cookie, directory.organization_id),
    ];
    const refused = await listen(test, cookie, directory.organization_id);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    listener.close();
    await waitUntil(async () => {
      const next = await listen(test, cookie, directory.organization_id);
      next.close();
      return next.status === 200;
    });
    for (const { close } of others) close();
  });

  it('ends when the process does, which waits for none', async () => {
    const { listener } = await visit();
    await test.ingress.stop();
    await waitUntil(listener.isOver);
    expect(count(listener, 'beat')).toBeGreaterThan(0);
  });
});
