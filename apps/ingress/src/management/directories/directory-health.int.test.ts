import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { issueToken, newId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { runAsAdmin } from '../../testing/seed-directory';
import { drain } from '../testing/drain.test-support';
import { connectScim, pathOf, startApi } from '../testing/start-api';
import type { TestApi } from '../testing/start-api';
import type { DirectoryAnswer, DirectoryItem, DirectoryList } from './directory.dto';
import type { HealthItem } from './directory-health.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test?.stop());

const read = async (directory: DirectoryItem): Promise<DirectoryItem> =>
  (await test.api.call<DirectoryAnswer>('GET', pathOf(directory))).body.directory;

const healthOf = async (directory: DirectoryItem): Promise<HealthItem> => (await read(directory)).health;

async function waitForState(directory: DirectoryItem, state: HealthItem['state']): Promise<HealthItem> {
  await waitUntil(async () => (await healthOf(directory)).state === state);
  return healthOf(directory);
}

const stranger = (directory: Pick<DirectoryItem, 'id'>) => connectScim(test.ingress.baseUrl, directory, 'nonsense');

async function refuse(directory: DirectoryItem): Promise<void> {
  expect((await stranger(directory).call('GET', '/Users')).status).toBe(401);
}

describe('the health of a directory', () => {
  it('begins without a token, waits for the first request, and is connected by it', async () => {
    const directory = await test.newDirectory();
    expect(directory.health).toMatchObject({ state: 'no_active_token', reason: 'No token has been generated yet.' });
    const scim = await test.newScim(directory);
    expect((await healthOf(directory)).state).toBe('waiting');
    expect((await scim.call('GET', '/Users?startIndex=1&count=2')).status).toBe(200);
    expect(await waitForState(directory, 'connected')).toMatchObject({ reason: null, refused: null, attention: [] });
    expect((await read(directory)).last_request_time).not.toBeNull();
  });

  it('is refused by a wrong token, with reason, count and time, until one is accepted', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    await refuse(directory);
    expect(await waitForState(directory, 'refused')).toMatchObject({
      reason: 'The identity provider sends a token that is not valid here.',
      refused: { reason: 'invalid_token', status: 401, count: 1 },
    });
    expect((await scim.call('GET', '/ServiceProviderConfig')).status).toBe(200);
    expect(await waitForState(directory, 'connected')).toMatchObject({ refused: null });
  });

  it('is refused as well by a wrong token at the address that it had at another service', async () => {
    const directory = await test.newDirectory();
    await test.newScim(directory);
    await runAsAdmin(test.database.adminUrl, [
      [
        `INSERT INTO directory_aliases (environment_id, alias, directory_id)
         SELECT environment_id, 'scalekit.dir_58', id FROM directories WHERE id = $1`,
        [directory.id.slice(4)],
      ],
    ]);
    const ask = async (key: string, token: string) => {
      const url = `${test.ingress.baseUrl}/directory/${key}/scim/v2/Users`;
      expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    };
    await ask('dir_59', 'a-token-that-was-typed-wrong');
    await ask('dir_58', 'a-token-that-was-typed-wrong');
    await ask('dir_58', 'short');
    expect(await waitForState(directory, 'refused')).toMatchObject({
      refused: { reason: 'invalid_token', status: 401 },
    });
  });

  it('is cleared also when the same token was used a moment before the refusal', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    await scim.call('GET', '/Users');
    await waitForState(directory, 'connected');
    const ofAnother = connectScim(test.ingress.baseUrl, directory, issueToken(newId()));
    expect((await ofAnother.call('GET', '/Users')).status).toBe(401);
    await waitForState(directory, 'refused');
    await scim.call('GET', '/Users');
    expect((await waitForState(directory, 'connected')).refused).toBeNull();
  });

  it('is not refused because of what is no token of ours, once a provider was connected', async () => {
    const [connected, waiting] = [await test.newDirectory(), await test.newDirectory()];
    const scim = await test.newScim(connected);
    await test.newScim(waiting);
    await scim.call('GET', '/Users');
    await waitForState(connected, 'connected');
    for (const token of ['garbage', `${scim.token.slice(0, -6)}000000`]) {
      for (const directory of [connected, waiting]) {
        const { status } = await connectScim(test.ingress.baseUrl, directory, token).call('GET', '/Users');
        expect(status).toBe(401);
      }
    }
    await waitForState(waiting, 'refused');
    const counted = await runAsAdmin(test.database.adminUrl, [
      [
        "SELECT 1 FROM directory_refusals WHERE directory_id = $1 AND reason = 'invalid_token'",
        [connected.id.slice(4)],
      ],
    ]);
    expect([counted.length, (await healthOf(connected)).state]).toEqual([1, 'connected']);
  });

  it('names the token that was revoked, and is not refused but without one when it was the last', async () => {
    const directory = await test.newDirectory();
    const [first, second] = [await test.newScim(directory), await test.newScim(directory)];
    const { secrets } = await read(directory);
    await test.api.call('DELETE', `${pathOf(directory)}/secrets/${secrets[1]!.id}`);
    expect((await first.call('GET', '/Users')).status).toBe(401);
    expect((await waitForState(directory, 'refused')).refused).toMatchObject({ reason: 'revoked' });
    await test.api.call('DELETE', `${pathOf(directory)}/secrets/${secrets[0]!.id}`);
    expect((await second.call('GET', '/Users')).status).toBe(401);
    expect(await healthOf(directory)).toMatchObject({
      state: 'no_active_token',
      reason: 'Every token has expired or was revoked.',
      refused: { status: 401 },
    });
  });

  it('says since when it is switched off, and how often it refused meanwhile', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    const before = new Date();
    await test.api.call('PATCH', `${pathOf(directory)}:disable`);
    expect((await scim.call('GET', '/Users')).status).toBe(403);
    await waitUntil(async () => (await healthOf(directory)).attention.length === 1);
    const disabled = await healthOf(directory);
    expect(disabled).toMatchObject({ state: 'disabled', attention: [{ reason: 'disabled', status: 403 }] });
    expect(Date.parse(disabled.since)).toBeGreaterThanOrEqual(before.getTime() - 1_000);
    const settings = `/organizations/${directory.organization_id}/settings`;
    await test.api.call('PATCH', settings, { features: [{ name: 'dir_sync', enabled: false }] });
    expect(await healthOf(directory)).toMatchObject({ state: 'feature_off', attention: [] });
  });

  it('tells conflicts beside, which keep nobody out', async () => {
    const directory = await test.newDirectory();
    const scim = await test.newScim(directory);
    expect((await scim.call('POST', '/Users', { userName: 'ada' })).status).toBe(201);
    for (let n = 0; n < 2; n++) expect((await scim.call('POST', '/Users', { userName: 'ada' })).status).toBe(409);
    await waitUntil(async () => (await healthOf(directory)).attention.length > 0);
    expect(await healthOf(directory)).toMatchObject({
      state: 'connected',
      attention: [{ reason: 'conflict', status: 409, scim_type: 'uniqueness' }],
    });
  });

  it('is in every list of directories', async () => {
    const directory = await test.newDirectory();
    const path = `/organizations/${directory.organization_id}/directories`;
    const { directories } = (await test.api.call<DirectoryList>('GET', path)).body;
    expect(directories).toMatchObject([{ health: { state: 'no_active_token' }, inactive_users: null }]);
  });
});

describe('a flood of refused requests', () => {
  it('writes one row for each reason however many they are, and none for directories that do not exist', async () => {
    const directory = await test.newDirectory();
    await test.newScim(directory);
    await refuse(directory);
    await waitForState(directory, 'refused');
    await Promise.all(Array.from({ length: 200 }, () => stranger(directory).call('GET', '/Users')));
    const nobody = { id: `dir_${newId()}` };
    await Promise.all(Array.from({ length: 50 }, () => stranger(nobody).call('GET', '/Users')));
    const rows = await runAsAdmin<{ directory_id: string; reason: string; count: string }>(test.database.adminUrl, [
      [
        'SELECT directory_id, reason, count FROM directory_refusals WHERE directory_id = ANY ($1)',
        [[directory.id.slice(4), nobody.id.slice(4)]],
      ],
    ]);
    // The second row of a minute is not written before its end.
    expect(rows.filter(({ reason }) => reason === 'invalid_token')).toMatchObject([
      { directory_id: directory.id.slice(4), count: '1' },
    ]);
  });
});

describe('the progress of a setup', () => {
  it('has the first user, group, member and deactivation, and the numbers to compare', async () => {
    const directory = await test.newDirectory();
    expect(directory.setup).toEqual({
      first_request_time: null,
      first_user_time: null,
      first_group_time: null,
      first_member_time: null,
      first_role_time: null,
      first_deactivation_time: null,
    });
    const scim = await test.newScim(directory);
    const ada = await scim.call('POST', '/Users', { userName: 'ada', active: true });
    await scim.call('POST', '/Users', { userName: 'grace', active: true });
    await scim.call('POST', '/Groups', { displayName: 'Staff' });
    await drain(test.database.appUrl, directory.id);
    const begun = await read(directory);
    expect(begun.setup).toMatchObject({
      first_member_time: null,
      first_role_time: null,
      first_deactivation_time: null,
    });
    expect(begun.setup.first_user_time).not.toBeNull();
    expect(begun.setup.first_group_time).not.toBeNull();
    await scim.call('POST', '/Groups', { displayName: 'Board', members: [{ value: ada.body.id }] });
    await scim.call('PUT', `/Users/${ada.body.id}`, { userName: 'ada', roles: [{ value: 'admin' }] });
    const operations = { Operations: [{ op: 'replace', path: 'active', value: false }] };
    await scim.call('PATCH', `/Users/${ada.body.id}`, operations);
    await drain(test.database.appUrl, directory.id);
    // The time of the first request is noted a moment after its answer.
    const done = await waitUntil(async () => {
      const now = await read(directory);
      return Object.values(now.setup).includes(null) ? null : now;
    });
    expect(done.setup.first_user_time).toBe(begun.setup.first_user_time);
    expect(done).toMatchObject({ total_users: 2, inactive_users: 1, total_groups: 2 });
  });
});
