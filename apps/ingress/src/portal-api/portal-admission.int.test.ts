import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { pathOf, startApi } from '../management/testing/start-api';
import type { ErrorBody, TestApi } from '../management/testing/start-api';
import { countWaiting, holdTransaction, untilWaiting } from '../testing/hold-transaction';
import { runAsAdmin } from '../testing/seed-directory';
import { connectPortal } from './testing/connect-portal';
import type { PortalClient } from './testing/connect-portal';

let test: TestApi;
let portal: PortalClient;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  portal = connectPortal(test);
});

afterAll(() => test?.stop());

/** An open session, and a directory of its organization with one token. */
interface Visit {
  cookie: string;
  organizationId: string;
  directory: DirectoryItem;
  secretId: string;
}

async function visit(): Promise<Visit> {
  const directory = await test.newDirectory();
  const { organization_id: organizationId } = directory;
  const { cookie } = await portal.openSession(organizationId);
  const { body } = await portal.call<{ secret: { id: string } }>('POST', `/directories/${directory.id}/secrets`, {
    cookie,
  });
  return { cookie, organizationId, directory, secretId: body.secret.id };
}

type Statement = [text: string, ...values: unknown[]];

const hold = (...statements: Statement[]) => holdTransaction(test.database.adminUrl, ...statements);
const waiting = () => countWaiting(test.database.adminUrl);

/** What administrators of the organization have done so far. */
async function readDone({ organizationId }: Visit): Promise<unknown[]> {
  const bare = organizationId.slice(4);
  return Promise.all(
    [
      'SELECT id, name, enabled, deleted_time FROM directories WHERE organization_id = $1 ORDER BY id',
      `SELECT s.id, s.revoked_time, s.replaced_time FROM directory_secrets s JOIN directories d ON d.id = s.directory_id
       WHERE d.organization_id = $1 ORDER BY s.id`,
    ].map((text) => runAsAdmin(test.database.adminUrl, [[text, [bare]]])),
  );
}

type Change = (visit: Visit) => Promise<{ status: number; body: ErrorBody }>;

const CHANGES: Record<string, Change> = {
  'a token': ({ cookie, directory }) => portal.call('POST', `/directories/${directory.id}/secrets`, { cookie }),
  'a token in place of another': ({ cookie, directory, secretId }) =>
    portal.call('POST', `/directories/${directory.id}/secrets:regenerate`, { cookie, body: { secret_id: secretId } }),
  'the end of a token': ({ cookie, directory, secretId }) =>
    portal.call('DELETE', `/directories/${directory.id}/secrets/${secretId}`, { cookie }),
  'a directory': ({ cookie }) =>
    portal.call('POST', '/directories', {
      cookie,
      body: { directory: { directory_type: 'SCIM', directory_provider: 'CUSTOM' } },
    }),
  'a name': ({ cookie, directory }) =>
    portal.call('PATCH', `/directories/${directory.id}`, { cookie, body: { directory: { name: 'Late' } } }),
  'a directory that is disabled': ({ cookie, directory }) =>
    portal.call('PATCH', `/directories/${directory.id}:disable`, { cookie }),
  'the end of a directory': ({ cookie, directory }) =>
    portal.call('DELETE', `/directories/${directory.id}`, { cookie }),
};

const ENDS: Record<string, (visit: Visit) => Promise<unknown>> = {
  'Directory Sync is off': ({ organizationId }) =>
    test.api.call('PATCH', `/organizations/${organizationId}/settings`, {
      features: [{ name: 'dir_sync', enabled: false }],
    }),
  'the link is revoked': ({ organizationId }) =>
    test.api.call('DELETE', `/organizations/${organizationId}/portal_links`),
  'the portal was left': ({ cookie }) => portal.call('DELETE', '/session', { cookie }),
};

describe.each(Object.entries(ENDS))('once it was answered that %s', (_, end) => {
  it('nothing is done that has waited for the directory', async () => {
    const visited = await visit();
    const release = await hold(['SELECT FROM directories WHERE id = $1 FOR UPDATE', visited.directory.id.slice(4)]);
    const late = CHANGES['a token']!(visited);
    await untilWaiting(test.database.adminUrl, 1);
    let isAnswered = false;
    const ended = end(visited).then(() => {
      isAnswered = true;
    });
    await waitUntil(async () => isAnswered || (await waiting()) >= 2, { what: 'the answer, or its wait' });
    if (!isAnswered) await release();
    await ended;
    const done = await readDone(visited);
    if ((await waiting()) > 0) await release();
    await late;
    expect(await readDone(visited)).toEqual(done);
  });
});

/** What becomes of a change that is asked for while a transaction ends the right to it. */
async function changeWhile(change: Change, ...end: [text: string, ...values: unknown[]]): Promise<unknown[]> {
  const visited = await visit();
  const before = await readDone(visited);
  const release = await hold([end[0], visited.organizationId.slice(4), ...end.slice(1)]);
  const late = change(visited);
  await untilWaiting(test.database.adminUrl, 1);
  await release();
  const { status, body } = await late;
  expect(await readDone(visited)).toEqual(before);
  return [status, body?.error?.code];
}

const END_SESSION = 'UPDATE portal_sessions SET end_reason = $2, expire_time = now() WHERE organization_id = $1';

describe.each(Object.entries(CHANGES))('%s that is asked for', (_, change) => {
  it('while Directory Sync is being switched off, or its link revoked, is refused', async () => {
    const switchOff = 'UPDATE organizations SET dir_sync_enabled = false WHERE id = $1';
    expect(await changeWhile(change, switchOff)).toEqual([403, 'feature_disabled']);
    expect(await changeWhile(change, END_SESSION, 'link_revoked')).toEqual([401, 'session_revoked']);
  });
});

it('a change that is asked for while the portal is being left, or its organization deleted, is refused', async () => {
  const change = CHANGES['a token']!;
  expect(await changeWhile(change, END_SESSION, 'left')).toEqual([401, 'session_ended']);
  const remove = 'UPDATE organizations SET deleted_time = now() WHERE id = $1';
  expect(await changeWhile(change, remove)).toEqual([401, 'organization_deleted']);
});

it('the management API waits for nobody’s session', async () => {
  const visited = await visit();
  await portal.call('DELETE', '/session', { cookie: visited.cookie });
  expect((await test.api.call('POST', `${pathOf(visited.directory)}/secrets`)).status).toBe(201);
});
